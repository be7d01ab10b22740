// Methods.
