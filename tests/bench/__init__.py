"""How fast Portico is: `make bench` seeds, serves, measures and writes docs/benchmarks.md."""
