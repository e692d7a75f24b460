"""What is done to one article: pure functions and their data files. Nothing here knows of Kafka, Faust, clocks or processes."""
