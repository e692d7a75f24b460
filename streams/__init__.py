"""How records move: knows Kafka and Faust, and of news only which processor belongs to which topic."""
