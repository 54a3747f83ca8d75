"""What the DAGs are made of: operators and adapters do I/O, the rest is pure."""
