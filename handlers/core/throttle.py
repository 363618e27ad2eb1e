"""Throttling of answers to strangers: at most 8 an hour for each chat."""

from dataclasses import replace
from datetime import timedelta

from handlers.core.context import Answers, Request
from handlers.people import texts as people_texts
from models.delivery import deliveries

WINDOW = timedelta(hours=1)
MOST_ANSWERS = 8


def limit_patient_answers(request: Request, answers: Answers) -> Answers:
    """Drop the patient answers above the chat's limit; the last one says until when."""
    if request.chat is None or not any(answer.patient for answer in answers):
        return answers
    now = request.now
    count, first = deliveries.count_patient_answers(request.session, request.chat.id, since=now - WINDOW)
    if count >= MOST_ANSWERS:
        return [answer for answer in answers if not answer.patient]
    if count < MOST_ANSWERS - 1:
        return answers
    until = ((first or now) + WINDOW).astimezone(request.context.times.zone)
    last = people_texts.format_no_more_until(until)
    return [
        replace(answer, text=f"{answer.text}\n{last}") if answer.patient else answer for answer in answers
    ]
