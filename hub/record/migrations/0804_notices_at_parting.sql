-- Says nothing of the case but that it is somebody's no longer, who may not see it any more.
alter table cases.notice add column bare bool not null default false;
