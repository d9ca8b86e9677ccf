-- A conversation beside a round; and why a round has ended.
alter table media.meeting_member add column aside bool not null default false;
alter table media.meeting add column why text not null default '';
insert into work.jobs(kind, key, due, payload)
select 'meeting.look', id::text, now(), jsonb_build_object('meeting', id, 'empty', null) from media.meeting where ended_at is null
on conflict do nothing;
