"""The office's page of one person's or unit's year."""

from starlette.requests import Request
from starlette.responses import Response

from notifier.desk import Desk
from notifier.report.archive import Subject, gather, lay_out_archive, make_archive
from notifier.report.paper import write_docx, write_xlsx
from notifier.web.forms import YEARS
from notifier.web.pages import render
from notifier.web.papers import download


def archive(request: Request) -> Response:
    """Show a year: ?person=周敏&year=2026 or ?unit=应急办; &as=docx or xlsx gives the file."""
    desk: Desk = request.app.state.desk
    query = request.query_params
    now = desk.clock.now()
    text = query.get("year", "")
    is_year = text.isascii() and text.isdigit() and len(text) == len("2026")
    year = int(text) if is_year and int(text) in YEARS else desk.hours.today(now).year
    name = query.get("person", "").strip() or query.get("unit", "").strip()
    subject = Subject(name, is_unit=not query.get("person", "").strip())
    people = sorted({one.name for one in desk.office.people})
    units = sorted({one.name for one in desk.office.units})
    context = {"people": people, "units": units, "year": year, "subject": subject}
    if not name:
        return render(request, "archive.html", {**context, "archive": None})
    found = make_archive(desk.ledger.read(gather, subject), desk.hours, year, now)
    file = f"{name}{year}年度安全履职档案"
    match query.get("as", ""):
        case "docx":
            paper = lay_out_archive(found, desk.office.name)
            return download(write_docx(paper), f"{file}.docx")
        case "xlsx":
            return download(write_xlsx(found.tables), f"{file}.xlsx")
    return render(request, "archive.html", {**context, "archive": found})
