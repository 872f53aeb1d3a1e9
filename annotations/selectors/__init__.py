"""Every non-trivial read: plain keyword-only functions."""
