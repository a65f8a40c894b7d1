//! Ports that nobody should find open to the internet: what administrators and databases listen on.

use super::gravity::table::*;

pub const PORTS: &[Service] = &[
    service(TCP, 22,    22,    Administration, "SSH"),
    service(TCP, 23,    23,    Administration, "Telnet"),
    service(TCP, 2375,  2376,  Administration, "Docker"),
    service(TCP, 2379,  2380,  Administration, "etcd"),
    service(TCP, 3389,  3389,  Administration, "RDP"),
    service(UDP, 3389,  3389,  Administration, "RDP"),
    service(TCP, 5900,  5901,  Administration, "VNC"),
    service(TCP, 5985,  5986,  Administration, "WinRM"),
    service(TCP, 6443,  6443,  Administration, "Kubernetes API"),
    service(TCP, 10250, 10250, Administration, "kubelet"),
    service(TCP, 10255, 10255, Administration, "kubelet"),
    service(TCP, 1433,  1434,  Database,       "SQL Server"),
    service(TCP, 1521,  1522,  Database,       "Oracle Database"),
    service(TCP, 3306,  3306,  Database,       "MySQL"),
    service(TCP, 5432,  5432,  Database,       "PostgreSQL"),
    service(TCP, 6379,  6379,  Database,       "Redis"),
    service(TCP, 9042,  9042,  Database,       "Cassandra"),
    service(TCP, 9200,  9200,  Database,       "Elasticsearch"),
    service(TCP, 9300,  9300,  Database,       "Elasticsearch"),
    service(TCP, 11211, 11211, Database,       "memcached"),
    service(UDP, 11211, 11211, Database,       "memcached"),
    service(TCP, 27017, 27019, Database,       "MongoDB"),
    service(TCP, 33060, 33060, Database,       "MySQL"),
];
