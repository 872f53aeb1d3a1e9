"""Every write: plain keyword-only functions, one transaction each, the policy checked first."""
