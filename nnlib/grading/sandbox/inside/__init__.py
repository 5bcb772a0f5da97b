"""What runs beside the student's code, inside the sandbox: the examinee and what it needs.

Nothing here is trusted by the examiner: the student's code lives in the same process.
"""
