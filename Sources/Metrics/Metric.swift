// Metrics.
