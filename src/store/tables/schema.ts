/** The applied state. `row` is the object as JSON, the other columns are what is searched and sorted by. */
export const schemaVersion = 1;

export const schema = `
  CREATE TABLE IF NOT EXISTS applied (
    id INTEGER PRIMARY KEY CHECK (id = 1), idx INTEGER NOT NULL, schema INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO applied VALUES (1, 0, ${schemaVersion});
  CREATE TABLE IF NOT EXISTS table_indexes (name TEXT PRIMARY KEY, idx INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS jobs (
    namespace TEXT NOT NULL, id TEXT NOT NULL, parent_id TEXT NOT NULL, status TEXT NOT NULL, node_pool TEXT NOT NULL,
    row TEXT NOT NULL, PRIMARY KEY (namespace, id)) STRICT;
  CREATE INDEX IF NOT EXISTS jobs_by_parent ON jobs (namespace, parent_id, id);
  CREATE TABLE IF NOT EXISTS job_versions (
    namespace TEXT NOT NULL, id TEXT NOT NULL, create_index INTEGER NOT NULL, version INTEGER NOT NULL,
    listed INTEGER NOT NULL, row TEXT NOT NULL, PRIMARY KEY (namespace, id, create_index, version)) STRICT;
  CREATE TABLE IF NOT EXISTS parts (
    entry INTEGER NOT NULL, nth INTEGER NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (entry, nth, part)) STRICT;
  CREATE TABLE IF NOT EXISTS job_submissions (
    namespace TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    row TEXT NOT NULL, PRIMARY KEY (namespace, id, version)) STRICT;
  CREATE TABLE IF NOT EXISTS job_summaries (
    namespace TEXT NOT NULL, id TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (namespace, id)) STRICT;

  CREATE TABLE IF NOT EXISTS scaling_events (
    namespace TEXT NOT NULL, id TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (namespace, id)) STRICT;

  CREATE TABLE IF NOT EXISTS evaluations (
    id TEXT PRIMARY KEY, namespace TEXT NOT NULL, job_id TEXT NOT NULL, status TEXT NOT NULL,
    create_index INTEGER NOT NULL, row TEXT NOT NULL) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS evaluations_by_create ON evaluations (create_index, id);
  CREATE INDEX IF NOT EXISTS evaluations_by_job ON evaluations (namespace, job_id, create_index, id);
  CREATE INDEX IF NOT EXISTS evaluations_open ON evaluations (namespace, job_id)
    WHERE status IN ('pending', 'blocked');
  CREATE INDEX IF NOT EXISTS evaluations_by_status ON evaluations (status, create_index, id);

  CREATE TABLE IF NOT EXISTS allocations (
    id TEXT PRIMARY KEY, namespace TEXT NOT NULL, job_id TEXT NOT NULL, job_create_index INTEGER NOT NULL,
    job_version INTEGER NOT NULL, node_id TEXT NOT NULL, evaluation_id TEXT NOT NULL, deployment_id TEXT,
    terminal INTEGER NOT NULL, create_index INTEGER NOT NULL, row TEXT NOT NULL) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS allocations_by_create ON allocations (create_index, id);
  CREATE INDEX IF NOT EXISTS allocations_by_job ON allocations (namespace, job_id, create_index, id);
  CREATE INDEX IF NOT EXISTS allocations_live ON allocations (namespace, job_id, job_create_index) WHERE terminal = 0;
  CREATE INDEX IF NOT EXISTS allocations_by_node ON allocations (node_id, create_index, id);
  CREATE INDEX IF NOT EXISTS allocations_by_evaluation ON allocations (evaluation_id, create_index, id);
  CREATE INDEX IF NOT EXISTS allocations_by_deployment ON allocations (deployment_id, create_index, id);

  CREATE TABLE IF NOT EXISTS deployments (
    id TEXT PRIMARY KEY, namespace TEXT NOT NULL, job_id TEXT NOT NULL, active INTEGER NOT NULL,
    create_index INTEGER NOT NULL, row TEXT NOT NULL) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS deployments_by_create ON deployments (create_index, id);
  CREATE INDEX IF NOT EXISTS deployments_by_job ON deployments (namespace, job_id, create_index, id);
  CREATE INDEX IF NOT EXISTS deployments_active ON deployments (active, create_index, id);

  CREATE TABLE IF NOT EXISTS services (
    namespace TEXT NOT NULL, id TEXT NOT NULL, service_name TEXT NOT NULL, job_id TEXT NOT NULL,
    alloc_id TEXT NOT NULL, node_id TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (namespace, id)) STRICT;
  CREATE INDEX IF NOT EXISTS services_by_name ON services (service_name, namespace, id);
  CREATE INDEX IF NOT EXISTS services_by_job ON services (namespace, job_id, id);
  CREATE INDEX IF NOT EXISTS services_by_alloc ON services (alloc_id);
  CREATE INDEX IF NOT EXISTS services_by_node ON services (node_id);

  CREATE TABLE IF NOT EXISTS nodes (id TEXT PRIMARY KEY, node_pool TEXT NOT NULL, row TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS job_sources (
    agent TEXT NOT NULL, path TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (agent, path)) STRICT;
  CREATE TABLE IF NOT EXISTS namespaces (name TEXT PRIMARY KEY, row TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS node_pools (name TEXT PRIMARY KEY, row TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS scheduler_config (id INTEGER PRIMARY KEY CHECK (id = 1), row TEXT NOT NULL) STRICT;
`;
