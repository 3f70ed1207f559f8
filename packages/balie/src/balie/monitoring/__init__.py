"""What Balie tells about itself: metrics, traces, health, logs, and the proof of the audit log."""
