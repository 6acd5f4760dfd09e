postgres CREATE EXTENSION pg_stat_statements
postgres CREATE ROLE app LOGIN CONNECTION LIMIT 20
postgres CREATE DATABASE app STRATEGY file_copy
app GRANT CREATE ON SCHEMA public TO app
postgres REVOKE CONNECT ON DATABASE postgres FROM PUBLIC
postgres UPDATE pg_database SET datistemplate = false
postgres DROP DATABASE template0
postgres DROP DATABASE template1
