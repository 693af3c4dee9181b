"""Django's PostgreSQL backend with one difference: a kept connection is looked at before it is asked."""
