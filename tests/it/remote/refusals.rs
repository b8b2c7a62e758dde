//! Addresses and credentials that don't work: what is said, and what is not.

use super::{Manners, environment, run, with_server};
use crate::workdir::Workdir;

/// What S3 answers to a wrong signature repeats what was sent.
const SIGNATURE: &str = "<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message>\
                         <AWSAccessKeyId>AKIAKEEPOUT</AWSAccessKeyId><StringToSign>AKIAKEEPOUT hush</StringToSign></Error>";

#[test]
fn addresses_of_other_kinds_are_refused_with_those_that_work() {
    let dir = Workdir::new();
    for source in ["az://container/x", "ftp://host/x", "gcs://bucket/x"] {
        dir.run(&format!("build {source}")).fails_with(2).stderr_has("s3://bucket/folder, gs://bucket/folder");
    }
    dir.run("build http://example.org/mimic/").fails_with(2).stderr_has("use https://");
    dir.run("build https://me:hush@example.org/mimic/").fails_with(2).stderr_lacks("hush");
    dir.run("build https://example.org/mimic/?sig=hush").fails_with(2).stderr_lacks("hush");
    assert!(dir.names().is_empty());
}

#[test]
fn what_is_not_there_is_told() {
    let (dir, server) = with_server(Manners::default());
    let environment = environment(&server);
    for source in ["s3://none/x", "gs://none"] {
        run(&dir, &environment, &format!("load {source}"))
            .fails_with(3)
            .stderr_has(&format!("the bucket of {source}"))
            .stderr_has("does not exist (404 NoSuchBucket)");
    }
    run(&dir, &environment, "load s3://data/nothing").fails_with(3).stderr_has("s3://data/nothing holds nothing");
    run(&dir, &environment, "load gs://data/hosp/omr.csv.gz").fails_with(3).stderr_has("omr.csv.gz does not exist");
    run(&dir, &environment, "load s3://data/mimic-iv-3.1.zip")
        .fails_with(3)
        .stderr_has("is a zip")
        .stderr_has("download it");
    dir.run(&format!("load {}/none/", server.url()))
        .fails_with(3)
        .stderr_has("no MIMIC-IV table found in http://127.0.0.1")
        .stderr_has("give the address of the folder that holds hosp/ and icu/");
    // Also beside a source that holds something.
    dir.run(&format!("load files/data {}/none/", server.url())).fails_with(3).stderr_has("/none");
    dir.run("load http://127.0.0.1:1/data/")
        .fails_with(3)
        .stderr_has("cannot be reached")
        .stderr_has("check the address");
}

#[test]
fn wrong_credentials_are_told_without_them() {
    let (dir, server) = with_server(Manners { refuses: Some(("data", 403, SIGNATURE)), ..Manners::default() });
    let environment = [
        format!("AWS_ENDPOINT={}", server.url()),
        "AWS_ALLOW_HTTP=true".to_owned(),
        "AWS_ACCESS_KEY_ID=AKIAKEEPOUT".to_owned(),
        "AWS_SECRET_ACCESS_KEY=hush".to_owned(),
        format!("GOOGLE_BASE_URL={}", server.url()),
        "GOOGLE_BEARER_TOKEN=hush".to_owned(),
    ];
    for (source, variable) in [("s3://data", "AWS_ACCESS_KEY_ID"), ("gs://data", "GOOGLE_APPLICATION_CREDENTIALS")] {
        run(&dir, &environment, &format!("load {source} --report report.json"))
            .fails_with(3)
            .stderr_has(&format!("the server does not let us read {source}/ (403 SignatureDoesNotMatch)"))
            .stderr_has(variable)
            .stderr_lacks("AKIAKEEPOUT")
            .stderr_lacks("hush");
    }
    server.behave(Manners::default());
    for source in ["s3://data", "gs://data"] {
        run(&dir, &environment, &format!("load {source} --report report.json --force")).succeeds();
        let asked = server.requests();
        assert!(asked.iter().all(|request| request.header("authorization").is_some()), "{asked:?}");
        let written =
            [std::fs::read(dir.path("mimiciv.duckdb")).unwrap(), dir.text("report.json").into_bytes()].concat();
        for secret in ["AKIAKEEPOUT", "hush"] {
            assert!(!written.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
        }
    }
}

#[test]
fn half_a_key_is_told() {
    let dir = Workdir::new();
    run(&dir, &["AWS_ACCESS_KEY_ID=AKIAKEEPOUT".to_owned()], "load s3://data")
        .fails_with(3)
        .stderr_has("Missing SecretAccessKey")
        .stderr_lacks("AKIAKEEPOUT");
    run(&dir, &["GOOGLE_APPLICATION_CREDENTIALS=/nowhere/key.json".to_owned()], "load gs://data")
        .fails_with(3)
        .stderr_has("cannot read gs://data/")
        .stderr_has("No such file");
}

#[test]
fn whoever_asks_may_have_to_pay() {
    let missing = "<Error><Code>UserProjectMissing</Code></Error>";
    let (dir, server) = with_server(Manners { refuses: Some(("data", 400, missing)), ..Manners::default() });
    let mut environment = environment(&server);
    run(&dir, &environment, "load gs://data").fails_with(3).stderr_has("set GOOGLE_CLOUD_QUOTA_PROJECT");
    server.behave(Manners { wants: Some(("x-goog-user-project", "my-project")), ..Manners::default() });
    environment.push("GOOGLE_CLOUD_QUOTA_PROJECT=my-project".to_owned());
    run(&dir, &environment, "load gs://data").succeeds();
    server.behave(Manners { wants: Some(("x-amz-request-payer", "requester")), ..Manners::default() });
    let signed = ["AWS_SKIP_SIGNATURE=false", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b"];
    environment.extend(signed.into_iter().chain(["AWS_REQUEST_PAYER=requester"]).map(str::to_owned));
    run(&dir, &environment, "load s3://data --db b.duckdb").succeeds();
}

#[test]
fn a_bucket_elsewhere_is_told() {
    let (dir, server) = with_server(Manners { refuses: Some(("data", 301, "")), ..Manners::default() });
    run(&dir, &environment(&server), "load s3://data").fails_with(3).stderr_has("set AWS_REGION");
}

#[test]
fn web_servers_are_told_who_asks_by_netrc() {
    let wants = Some(("authorization", "Basic bWU6aHVzaA=="));
    let (dir, server) = with_server(Manners { wants, ..Manners::default() });
    let load = format!("load {}/data/", server.url());
    dir.run(&load).fails_with(3).stderr_has("(401)").stderr_has("a line for 127.0.0.1 in ~/.netrc");
    dir.write(".netrc", "machine 127.0.0.1 login me password hush\n");
    dir.run(&load).succeeds().stdout_has("5 tables loaded").stderr_lacks("hush");
    std::fs::rename(dir.path(".netrc"), dir.path("logins")).unwrap();
    let environment = [format!("NETRC={}", dir.path("logins").display())];
    run(&dir, &environment, &format!("{load} --db b.duckdb")).succeeds();
    // A login for PhysioNet is for nobody else.
    let environment = ["MIMICIV_USER=me".to_owned(), "MIMICIV_PASSWORD=hush".to_owned()];
    run(&dir, &environment, &format!("{load} --db c.duckdb")).fails_with(3);
}

#[test]
fn pages_in_place_of_files_are_told() {
    let (dir, server) = with_server(Manners::default());
    for name in ["SHA256SUMS.txt", "hosp/patients.csv.gz", "icu/d_items.csv.gz"] {
        dir.write(format!("files/pages/{name}"), "<!DOCTYPE html><title>Log in</title>");
    }
    dir.run(&format!("load {}/pages/", server.url()))
        .fails_with(3)
        .stderr_has("answers with web pages instead of files: probably a log-in page");
    run(&dir, &environment(&server), "load s3://pages/hosp/patients.csv.gz")
        .stderr_has("s3://pages/hosp/patients.csv.gz is a web page, not data");
}
