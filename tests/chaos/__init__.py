"""The proof of exactly once: faults at random moments, then a comparison with the same stages run without Kafka."""
