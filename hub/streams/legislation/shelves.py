"""Templates and documents: what is decided beside the single projects. Pure but for the facts."""

from __future__ import annotations

from datetime import datetime

from hub.cases import load_case
from hub.kernel.actor import Actor, Permission
from hub.kernel.calendar import Span
from hub.kernel.errors import Conflict, NotFound, Refused
from hub.record import Connection, load_sql
from hub.spoke import Decides, Decision, Write
from hub.streams.legislation import messages as m
from hub.streams.legislation.facts import Project
from hub.streams.legislation.rules import NodeRule
from hub.streams.legislation.words import KINDS, NODES

Q, CASES = load_sql(__package__), load_sql("hub.cases")
P = Permission
ANY = -1


async def _project(conn: Connection, command: m.SaveProjectTemplate, _actor: Actor) -> Project | None:
    case = await load_case(conn, command.project) if command.project else None
    return case.facts if case and isinstance(case.facts, Project) else None


async def _template(conn: Connection, command: m.RemoveProjectTemplate, _actor: Actor) -> bool:
    return await conn.fetchval(Q["template_there"], command.code) is not None


async def _document(conn: Connection, command: m.RemoveLawDocument, _actor: Actor) -> bool:
    return await conn.fetchval(Q["document_there"], command.document) is not None


async def _strange(conn: Connection, command: m.SaveLawDocument, actor: Actor) -> bool:
    """Files that the asker did not send, and that are not this document's. Raises Conflict where the id is a case's."""
    if await load_case(conn, command.document) is not None:
        raise Conflict("这个编号已被其他事项使用。", "This id belongs to a case.", code="exists", field="document")
    return bool(await conn.fetch(CASES["strange_files"], list(command.files), command.document, actor.id))


def nodes_of(project: Project) -> tuple[NodeRule, ...]:
    """Its course as a template: the days between planned nodes stay, the dates go."""
    made: list[NodeRule] = []
    before = None
    for node in project.nodes:
        made.append(NodeRule(node=node.node, after=Span((node.planned - before).days if before and node.planned else 0)))
        before = node.planned or before
    return tuple(made)


def save_template(project: Project | None, command: m.SaveProjectTemplate, _actor: Actor, _at: datetime) -> Decision:
    nodes = nodes_of(project) if project else command.nodes
    if command.kind not in KINDS:
        raise Refused("没有这个项目类型，请从列表中选择。", "There is no such kind; choose from the list.", field="kind")
    if not nodes:
        raise Refused("模板至少要有一个节点；从项目导出时，请选一个有节点计划的项目。",
                      "A template has one node at least; when taken from a project, choose one whose nodes are planned.", field="nodes")
    wrong = next((one.node for one in nodes if one.node not in NODES), None)
    if wrong is not None:
        raise Refused(f"没有“{wrong}”这个节点，请从列表中选择。", f"There is no node {wrong!r}; choose from the list.", field="nodes")
    event = m.ProjectTemplateSaved(code=command.code, name=command.name, kind=command.kind, nodes=nodes)
    return Decision(writes=(Write(f"law-template-{command.code}", ANY, (event,)),), result={"code": command.code})


def remove_template(there: bool, command: m.RemoveProjectTemplate, _actor: Actor, _at: datetime) -> Decision:
    if not there:
        raise NotFound("没有这个模板，可能已被删除。", "There is no such template; it may have been removed.", field="code")
    return Decision(writes=(Write(f"law-template-{command.code}", ANY, (m.ProjectTemplateRemoved(code=command.code),)),))


def save_document(strange: bool, command: m.SaveLawDocument, _actor: Actor, _at: datetime) -> Decision:
    if command.valid_from and command.valid_until and command.valid_until <= command.valid_from:
        raise Refused("废止日期要晚于施行日期，请检查。", "It ends after it begins; check the days.", field="valid_until")
    if strange:
        raise Refused("有的附件不存在，或不是您上传的，请重新上传。", "Some files do not exist or are not yours; upload them again.", code="strange-file",
                      field="files")
    fields = {name: getattr(command, name) for name in m.LawDocumentSaved.__struct_fields__}
    return Decision(writes=(Write(f"law-document-{command.document}", ANY, (m.LawDocumentSaved(**fields),)),), result={"document": str(command.document)})


def remove_document(there: bool, command: m.RemoveLawDocument, _actor: Actor, _at: datetime) -> Decision:
    if not there:
        raise NotFound("没有这份资料，可能已被删除。", "There is no such document; it may have been removed.", field="document")
    return Decision(writes=(Write(f"law-document-{command.document}", ANY, (m.LawDocumentRemoved(document=command.document),)),))


COMMANDS = (
    Decides(command=m.SaveProjectTemplate, permission=P.LEGISLATE, decide=save_template, facts=_project),
    Decides(command=m.RemoveProjectTemplate, permission=P.LEGISLATE, decide=remove_template, facts=_template),
    Decides(command=m.SaveLawDocument, permission=P.LEGISLATE, decide=save_document, facts=_strange),
    Decides(command=m.RemoveLawDocument, permission=P.LEGISLATE, decide=remove_document, facts=_document),
)
EVENTS = (m.ProjectTemplateSaved, m.ProjectTemplateRemoved, m.LawDocumentSaved, m.LawDocumentRemoved)
