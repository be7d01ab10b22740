#include <cairo-pdf.h>

// What is used of librsvg and GLib, declared as in their headers: these can't be included, for the
// -pthread of their pkg-config files draws a warning from SwiftPM at every build.

typedef struct _RsvgHandle RsvgHandle;

typedef struct {
  double x, y, width, height;
} RsvgRectangle;

typedef struct {
  unsigned int domain;
  int code;
  char *message;
} GError;

RsvgHandle *rsvg_handle_new_from_data(const unsigned char *data, unsigned long length,
                                      GError **error);
int rsvg_handle_render_document(RsvgHandle *handle, cairo_t *context,
                                const RsvgRectangle *viewport, GError **error);
void g_object_unref(void *object);
void g_error_free(GError *error);
