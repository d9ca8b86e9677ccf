-- Why a clerk did not take a registration; empty where it was taken.
alter table duties.taking add column refused text not null default '';
