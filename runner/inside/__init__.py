"""What runs inside the containers: the app host and the grader. It imports nothing else of ours."""
