"""The component gallery of demo mode: every component in every state."""
