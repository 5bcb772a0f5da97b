"""The points of a class as the gradebook holds them: by cell and by question, with what is still pending."""

from dataclasses import dataclass, field

from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)


class NothingGraded(ValueError):
    """The unit has no verdict yet."""


@dataclass
class Grades:
    """cells: name -> possible points, in the order of the notebook. points: student -> cell -> points, None
    where a person has not looked yet. penalties: student -> points for being late. comments: student -> cell
    -> text. roster: student -> (first name, last name, e-mail)."""

    cells: dict = field(default_factory=dict)
    points: dict = field(default_factory=dict)
    penalties: dict = field(default_factory=dict)
    comments: dict = field(default_factory=dict)
    roster: dict = field(default_factory=dict)

    @property
    def questions(self):
        """Question -> the names of its cells that carry points."""
        cells_of = {}
        for cell in self.cells:
            cells_of.setdefault(question_of(cell), []).append(cell)
        return cells_of

    def possible(self, question=None):
        """Possible points of a question, or of all."""
        cells = self.cells if question is None else self.questions[question]
        return sum(self.cells[cell] for cell in cells)

    def got(self, student, question=None):
        """Points of a student so far, late penalty included where all questions are asked for."""
        own = self.points.get(student, {})
        if question is not None:
            return sum(own.get(cell) or 0 for cell in self.questions[question])
        return max(0, sum(points or 0 for points in own.values()) - self.penalties.get(student, 0))

    def pending(self, student, question=None):
        """Whether a person still has to look at an answer of this student."""
        cells = self.cells if question is None else self.questions[question]
        own = self.points.get(student, {})
        return any(cell in own and own[cell] is None for cell in cells)


def read(coursedir, unit):
    """The grades of a unit. Raises NothingGraded where the gradebook does not know it."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            notebook = gradebook.find_notebook(unit, unit)
        except MissingEntry:
            raise NothingGraded(f"The gradebook does not know {unit}.") from None
        grades = Grades()
        order = {cell.name: number for number, cell in enumerate(notebook.source_cells)}
        for cell in sorted(notebook.grade_cells, key=lambda cell: order.get(cell.name, len(order))):
            grades.cells[cell.name] = cell.max_score
        of_unit = gradebook.db.query(SubmittedNotebook).filter(SubmittedNotebook.notebook_id == notebook.id)
        for student, penalty in _columns(
            of_unit, SubmittedAssignment.student_id, SubmittedNotebook.late_submission_penalty
        ):
            grades.points[student] = {}
            grades.penalties[student] = penalty or 0
        graded = of_unit.join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        graded = graded.join(BaseCell, BaseCell.id == Grade.cell_id)
        columns = Grade.auto_score, Grade.manual_score, Grade.extra_credit
        for student, cell, auto, manual, extra in _columns(
            graded, SubmittedAssignment.student_id, BaseCell.name, *columns
        ):
            score = manual if manual is not None else auto
            grades.points[student][cell] = None if score is None else score + (extra or 0)
        said = of_unit.join(Comment, Comment.notebook_id == SubmittedNotebook.id)
        said = said.join(BaseCell, BaseCell.id == Comment.cell_id)
        for student, cell, text in _columns(
            said, SubmittedAssignment.student_id, BaseCell.name, Comment.manual_comment
        ):
            if text:
                grades.comments.setdefault(student, {})[cell] = text
        for student in gradebook.db.query(Student):
            grades.roster[student.id] = tuple(
                text or "" for text in (student.first_name, student.last_name, student.email)
            )
        return grades


def _columns(query, *columns):
    query = query.join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
    return query.with_entities(*columns)


def question_of(cell):
    """The question that a cell belongs to: the part of its name before the first "-"."""
    return cell.partition("-")[0]


def rounded(points):
    """Points as they are shown: at most two decimals, none where there are none."""
    return f"{round(points, 2) + 0:.10g}"
