//! Somebody else's idea of S3: the emulator moto, in Python.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::{are_same, run};
use crate::recipes::python_with;
use crate::workdir::Workdir;

/// Serves the files of a folder as a bucket, until its input ends.
const SERVE: &str = r#"
import os, sys
import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
url = "http://%s:%d" % server.get_host_and_port()
s3 = boto3.client("s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
for bucket, access in (("open", "public-read"), ("closed", "private")):
    s3.create_bucket(Bucket=bucket)
    for folder, _, names in os.walk(sys.argv[1]):
        for name in names:
            path = os.path.join(folder, name)
            s3.upload_file(path, bucket, "a set/" + os.path.relpath(path, sys.argv[1]), ExtraArgs={"ACL": access})
print(url, flush=True)
sys.stdin.read()
"#;

struct Emulator(Child);

impl Drop for Emulator {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn a_data_set_in_an_emulated_bucket_becomes_the_same_database() {
    let Some(python) = python_with("boto3, moto.server, flask") else { return };
    let dir = Workdir::new();
    dir.run("synth --patients 8 --out made --quiet").succeeds();
    let folder = dir.path("made").display().to_string();
    let mut command = Command::new(python);
    command.args(["-c", SERVE, &folder]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let emulator = Emulator(child);
    let url = lines.map_while(Result::ok).find(|line| line.starts_with("http")).unwrap();

    let nobody = [format!("AWS_ENDPOINT={url}"), "AWS_ALLOW_HTTP=true".to_owned()];
    let key = ["AWS_ACCESS_KEY_ID=a".to_owned(), "AWS_SECRET_ACCESS_KEY=b".to_owned()];
    let somebody = [&nobody[..], &key].concat();
    dir.run("build made --db local.duckdb --quiet").succeeds();
    run(&dir, &nobody, "build s3://open --db b.duckdb").succeeds().stderr_lacks("note:");
    are_same(&dir, "local.duckdb", "b.duckdb");
    run(&dir, &nobody, "build s3://open --db b.duckdb").succeeds().stdout_has("31 tables unchanged");
    run(&dir, &somebody, "load s3://closed --db c.duckdb").succeeds().stdout_has("31 tables loaded");
    run(&dir, &nobody, "load s3://closed --db d.duckdb")
        .fails_with(3)
        .stderr_has("the server does not let us read s3://closed/a set/hosp/admissions.csv.gz (403)");
    drop(emulator);
}
