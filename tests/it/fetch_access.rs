//! Who gets in, and who gets the password: log-in pages, redirects, proxies, `.netrc`, TLS.

use std::process::Command;

use crate::download::{File, Files};
use crate::fetch::{FILE, LIST, SERVICES, download, files, is_whole, keeps_the_secret, noise, server};
use crate::file_server::{Fault, FileServer, PASSWORD, USER};
use crate::workdir::Workdir;

#[test]
fn the_demo_is_open_to_all_and_no_password_is_sent() {
    let dir = Workdir::new();
    let server = FileServer::of("mimic-iv-demo/2.2", files(50_000));
    download(&dir, &server, "--demo").succeeds().stdout_has("Next: mimiciv build mimic-iv-clinical-database-demo-2.2");
    assert!(server.asked().iter().all(|asked| asked.authorization.is_none()));
    dir.run(&format!("download --demo --base-url {}", server.base())).succeeds().stdout_has("3 files there already");
}

#[test]
fn the_password_goes_only_with_requests_that_need_it() {
    let edstays = File { module: "ed".into(), name: "edstays.csv.gz".into(), bytes: noise(500) };
    let ed = Files(vec![edstays]).with_sums();
    let (dir, demo) = (Workdir::new(), files(1000));
    let server = FileServer::of_releases(vec![("mimic-iv-demo/2.2", demo), ("mimic-iv-ed/2.2", ed)]);
    download(&dir, &server, "--release demo,ed-2.2 --modules hosp,icu,ed --to in/here")
        .succeeds()
        .stdout_has("4 files fetched")
        .stdout_has("Next: mimiciv build in/here/mimic-iv-clinical-database-demo-2.2 in/here/mimic-iv-ed-2.2");
    for asked in server.asked() {
        assert_eq!(asked.authorization.is_some(), asked.what.contains("/mimic-iv-ed/"), "{}", asked.what);
    }
}

#[test]
fn a_log_in_page_is_not_taken_for_a_file() {
    for (what, says_so) in [(SERVICES, true), (SERVICES, false), (LIST, true), (LIST, false)] {
        let (dir, server) = (Workdir::new(), server());
        server.spoil(what, 99, Fault::Page(says_so));
        download(&dir, &server, "")
            .fails_with(3)
            .stderr_has("answers with a web page in place of")
            .stderr_has("log in at https://physionet.org/content/mimiciv/3.1/");
        assert!(!dir.path(FILE).exists());
        assert_eq!(server.asked_for(what).len(), 1);
    }
}

#[test]
fn no_access_is_told_with_the_page_that_grants_it() {
    for (status, says) in [(401, "does not accept this user's name and password"), (403, "does not give you")] {
        for what in [LIST, SERVICES, &SERVICES.replace("GET", "HEAD")] {
            let (dir, server) = (Workdir::new(), server());
            server.spoil(what, 99, Fault::Says(status, String::new()));
            let ended = download(&dir, &server, "");
            ended.fails_with(3).stderr_has(says).stderr_has("https://physionet.org/content/mimiciv/3.1/");
            assert_eq!(server.asked_for(what).len(), 1, "nobody insists");
            assert_eq!(ended.stderr.matches("error:").count(), 1, "{}", ended.stderr);
        }
    }
}

#[test]
fn a_wrong_password_is_told() {
    let (dir, server) = (Workdir::new(), server());
    let options = format!("download --user you --base-url {}", server.base());
    dir.run_by(&["env", "MIMICIV_PASSWORD=wrong-one"], &options)
        .fails_with(3)
        .stderr_has("401")
        .stderr_lacks("wrong-one");
    assert!(dir.names().is_empty());
}

#[test]
fn no_password_goes_to_another_machine() {
    let (dir, server, other) = (Workdir::new(), server(), server());
    // Another port is another machine.
    for target in [format!("{}/mimiciv/3.1/hosp/services.csv.gz", other.base()), "/login/?next=/x".to_owned()] {
        server.spoil(SERVICES, 1, Fault::Says(302, format!("Location: {target}\r\n")));
        download(&dir, &server, "").fails_with(3).stderr_has("to another page").stderr_has("log in at");
        assert!(other.asked().is_empty());
    }
    // On the same machine the password is good.
    server.spoil(SERVICES, 1, Fault::Says(302, "Location: /files/mimiciv/3.1/hosp/services.csv.gz?x=y\r\n".to_owned()));
    server.spoil(SERVICES, 1, Fault::Says(301, format!("Location: {}\r\n", SERVICES.trim_start_matches("GET "))));
    let ended = download(&dir, &server, "");
    assert!(ended.stderr.contains("404"), "{}", ended.stderr);
    download(&dir, &server, "").succeeds();
    is_whole(&dir, 50_000);
}

#[test]
fn no_password_passes_by_another_machine_in_the_open() {
    let (dir, server, proxy) = (Workdir::new(), server(), server());
    let set = [&format!("HTTP_PROXY={}", proxy.base()), "MIMICIV_USER=me", &format!("MIMICIV_PASSWORD={PASSWORD}")];
    let options = format!("download --base-url {}", server.base());
    dir.run_by(&[&["env"], &set[..]].concat(), &options).succeeds();
    assert!(proxy.asked().is_empty());
}

#[test]
fn no_password_goes_unencrypted() {
    let dir = Workdir::new();
    let password = ["env", "MIMICIV_PASSWORD=hunter2", "MIMICIV_USER=me"];
    dir.run_by(&password, "download --base-url http://physionet.invalid/files")
        .fails_with(2)
        .stderr_has("no password is sent to physionet.invalid")
        .stderr_has("https://");
    dir.run_by(&["env", "MIMICIV_BASE_URL=https://me:hunter2@physionet.invalid/"], "download")
        .fails_with(2)
        .stderr_has("holds a user's name or password")
        .stderr_lacks("hunter2");
}

#[test]
fn names_and_passwords_come_from_netrc_too() {
    let (dir, server) = (Workdir::new(), server());
    let options = format!("download --base-url {}", server.base());
    dir.run(&options).fails_with(2).stderr_has("--user NAME");
    dir.run(&format!("{options} --user me"))
        .fails_with(2)
        .stderr_has("no password for me")
        .stderr_has("MIMICIV_PASSWORD");
    dir.write(
        "netrc",
        format!("machine other.org login x password y\nmachine 127.0.0.1 login {USER} password \"{PASSWORD}\""),
    );
    let ended = dir.run_by(&["env", "NETRC=netrc"], &options);
    ended.succeeds();
    keeps_the_secret(&dir, &ended);
    #[cfg(unix)]
    ended.stderr_has("others can read netrc").stderr_has("chmod 600");
    dir.run_by(&["env", "NETRC=no-such-file"], &options).fails_with(3).stderr_has("cannot read no-such-file");
    std::fs::rename(dir.path("netrc"), dir.path(".netrc")).unwrap();
    dir.run(&options).succeeds();
}

/// What a made-up authority vouches for, in files of a folder; `None` where openssl is not here.
fn certificates(dir: &Workdir) -> Option<()> {
    dir.write("tls/names", "subjectAltName = DNS:localhost, IP:127.0.0.1\n");
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    let steps = [
        format!("req -x509 {key} -keyout ca.key -out ca.pem -days 2 -subj /CN=Authority"),
        format!("req {key} -keyout key.pem -out request -subj /CN=localhost"),
        "x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out cert.pem"
            .to_owned(),
    ];
    let run = |words: &String| {
        let mut openssl = Command::new("openssl");
        let ended = openssl.args(words.split(' ')).current_dir(dir.path("tls")).output();
        ended.is_ok_and(|ended| ended.status.success())
    };
    steps.iter().all(run).then_some(())
}

#[test]
fn connections_are_encrypted_and_only_a_proven_server_gets_the_password() {
    let (dir, keys, server) = (Workdir::new(), Workdir::new(), server());
    let Some(()) = certificates(&keys) else {
        println!("skipped: openssl is not here");
        return;
    };
    let port = server.encrypted(&keys.path("tls/cert.pem"), &keys.path("tls/key.pem"));
    let base = format!("https://127.0.0.1:{port}/files");
    let run = |authority: &str| {
        let authority = format!("SSL_CERT_FILE={}", keys.path(authority).display());
        let set = [&authority, "MIMICIV_USER=me", &format!("MIMICIV_PASSWORD={PASSWORD}")];
        let ended = dir.run_by(&[&["env"], &set[..]].concat(), &format!("download --base-url {base}"));
        keeps_the_secret(&dir, &ended);
        ended
    };
    // The certificate itself is nobody's authority.
    keys.write("tls/none.pem", std::fs::read(keys.path("tls/cert.pem")).unwrap());
    run("tls/none.pem")
        .fails_with(1)
        .stderr_has("127.0.0.1 does not prove to be 127.0.0.1")
        .stderr_has("nothing was sent");
    assert!(server.asked().is_empty());
    run("tls/ca.pem").succeeds();
    is_whole(&dir, 50_000);
    assert!(server.asked().iter().all(|asked| asked.authorization.is_some()));
}
