"""nbgrader's configuration of the course: where things lie, and the safe way to grade."""

from nnlib.grading.gradebook.converter import take_over

c = get_config()  # noqa: F821

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

# Names of files in the archives of Moodle (Ada Lovelace_17_assignsubmission_file/1_regression.ipynb; its
# numbers change from unit to unit, so the name tells the student) and of Canvas
# (lovelaceada_LATE_4711_99_1_regression-1.ipynb; the first number tells the student).
c.FileNameCollectorPlugin.named_regexp = (
    r".*/(?:[^/_]+_(?:LATE_)?(?=\d+_\d+_))?(?P<student_id>[^/_]+)_\d+_"
    r"(?:assignsubmission_file_?/?)?(?P<file_id>[^/]+?)(?:-\d+)?\.ipynb$"
)

# Students' code runs in a sandbox, the checks outside of it.
take_over()

# What students wrote runs nothing, in feedback and in formgrader.
c.HTMLExporter.filters = {"markdown2html": "nnlib.grading.gradebook.pages.markdown_to_html"}

# Hidden checks stay hidden in feedback.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
