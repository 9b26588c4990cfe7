"""What a partnership does: one module for each capability; modules here never import each other."""
