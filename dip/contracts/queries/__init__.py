"""What both parties may read: agreements, what they are worth, settlements."""
