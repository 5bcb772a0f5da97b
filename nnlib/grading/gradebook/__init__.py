"""From what was handed in to what students read: releases, submissions, feedback, the report."""
