-- Runs of a job by when they really began: ids carry the machine's time, whatever the sandbox's clock says.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_job_runs_name_id ON job_runs (name, id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_job_runs_name_outcome_id ON job_runs (name, outcome, id);
