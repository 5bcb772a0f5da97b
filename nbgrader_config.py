"""nbgrader's configuration of the course: where things lie, and the safe way to grade."""

import os
import sysconfig

from nnlib.grading.gradebook.converter import take_over

c = get_config()  # noqa: F821

# nbgrader calls alembic by name for a new gradebook: found also where the environment is not activated.
os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])

# What was graded when, and whether without a sandbox, stays written.
c.NbGrader.logfile = ".nbgrader.log"

c.CourseDirectory.course_id = "neural-networks"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "submitted"
c.CourseDirectory.autograded_directory = "autograded"
c.CourseDirectory.feedback_directory = "feedback"

# `source_directory` holds the answers: only notebooks of a unit are published, no other file.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.toml", "*.md"]

c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
c.ClearSolutions.text_stub = "*Your answer here.*"

# Archives of Moodle and Canvas: whatever one student handed in, the others are collected.
c.ZipCollectApp.extractor_plugin = "nnlib.grading.gradebook.collecting.Extractor"
c.ZipCollectApp.collector_plugin = "nnlib.grading.gradebook.collecting.Collector"

# And by nbgrader's exchange feedback goes to everyone who handed in by it.
c.ExchangeFactory.release_feedback = "nnlib.grading.gradebook.exchange.ReleaseFeedback"

# Students' code runs in a sandbox, the checks outside of it.
take_over()

# What students wrote runs nothing in formgrader, and its formulas need no script.
c.HTMLExporter.filters = {"markdown2html": "nnlib.grading.gradebook.pages.markdown_to_html"}
