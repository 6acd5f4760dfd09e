"""What an assessor should know beside the score: facts about a run, and how alike submissions are. Pure."""
