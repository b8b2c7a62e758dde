//! A server and the credentials for it, by the conventions of the crate that talks to it.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::path::Path as Key;
use object_store::{
    BackoffConfig, ClientConfigKey, ClientOptions, HeaderMap, HeaderValue, ObjectStore, ObjectStoreExt, RetryConfig,
};

use super::address::{Address, Scheme};
use super::{finding, trouble, wait_for};
use crate::credentials::Credentials;
use crate::failure::Failure;
use crate::network::USER_AGENT;

/// Longer than any server thinks; a whole answer may take longer, as long as something comes.
const SILENCE: Duration = Duration::from_secs(30);

/// An upper limit for one answer on the slowest line.
const ANSWER: Duration = Duration::from_secs(30 * 60);

/// A server, and what lies there below one address.
pub(super) struct Store {
    address: Address,
    /// Gives up soon: who mistypes an address wants to know.
    pub finder: Arc<dyn ObjectStore>,
    /// Is patient with a network that fails in the middle of the night.
    pub reader: Arc<dyn ObjectStore>,
}

/// Who we say that we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// What the environment gives.
    Given,
    /// Nobody: open buckets let everyone read.
    Nobody,
    /// The machine itself, where the cloud gives it a role.
    Machine,
}

impl Store {
    /// Connects to the server of an address.
    ///
    /// Where the environment has no credentials, it is tried without any, and only then with those of the machine.
    ///
    /// # Errors
    /// If the server can't be reached or lets nobody in.
    pub fn open(address: &Address) -> Result<Self, Failure> {
        if has_credentials(address) {
            return Self::connect(address, Access::Given);
        }
        let store = Self::connect(address, Access::Nobody)?;
        match store.probe()? {
            Err(error) if trouble::is_denied(&error) => {
                let of_machine = Self::connect(address, Access::Machine)?;
                match of_machine.probe()? {
                    Ok(()) => Ok(of_machine),
                    Err(_) => Err(trouble::told(address, &address.text(), &error)),
                }
            }
            // Whatever else there is shows when it is looked into.
            _ => Ok(store),
        }
    }

    fn connect(address: &Address, access: Access) -> Result<Self, Failure> {
        let made = |retries: usize, seconds: u64| {
            let retry = RetryConfig {
                max_retries: retries,
                retry_timeout: Duration::from_secs(seconds),
                backoff: BackoffConfig::default(),
            };
            client(address, access, retry).map_err(|error| trouble::told(address, &address.text(), &error))
        };
        // Making a client already looks for the runtime.
        let finder = wait_for(async { made(if access == Access::Machine { 1 } else { 3 }, 20) })??;
        let reader = wait_for(async { made(10, 180) })??;
        Ok(Store { address: address.clone(), finder, reader })
    }

    /// Asks for what will be asked anyway, to see whether we may.
    fn probe(&self) -> Result<object_store::Result<()>, Failure> {
        let key = &self.address.key;
        wait_for(async {
            match finding::is_single_file(&self.address) {
                true => self.finder.head(key).await.map(|_| ()),
                false => self.finder.list_with_delimiter(Some(key)).await.map(|_| ()),
            }
        })
    }

    /// The address of a key in this store.
    pub fn address_of(&self, key: &Key) -> String {
        self.address.with_key(key)
    }

    /// Says what went wrong with a key.
    pub fn told(&self, key: &Key, error: &object_store::Error) -> Failure {
        trouble::told(&self.address, &self.address_of(key), error)
    }

    /// Says that a key is not what it was.
    pub fn changed(&self, key: &Key) -> Failure {
        trouble::changed(&self.address_of(key))
    }
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Whether the environment says who we are, or that we are nobody.
fn has_credentials(address: &Address) -> bool {
    match address.scheme {
        Scheme::S3 => {
            let builder = AmazonS3Builder::from_env();
            let keys = [
                AmazonS3ConfigKey::AccessKeyId,
                AmazonS3ConfigKey::SecretAccessKey,
                AmazonS3ConfigKey::WebIdentityTokenFile,
                AmazonS3ConfigKey::ContainerCredentialsRelativeUri,
                AmazonS3ConfigKey::ContainerCredentialsFullUri,
                AmazonS3ConfigKey::MetadataEndpoint,
            ];
            is_set("AWS_SKIP_SIGNATURE") || keys.iter().any(|key| builder.get_config_value(key).is_some())
        }
        Scheme::Gcs => {
            let builder = GoogleCloudStorageBuilder::from_env();
            let keys = [
                GoogleConfigKey::ServiceAccount,
                GoogleConfigKey::ServiceAccountKey,
                GoogleConfigKey::ApplicationCredentials,
                GoogleConfigKey::BearerToken,
            ];
            is_set("GOOGLE_SKIP_SIGNATURE")
                || keys.iter().any(|key| builder.get_config_value(key).is_some())
                || has_application_default()
        }
        Scheme::Web => true,
    }
}

/// Where `gcloud auth application-default login` leaves its file.
fn has_application_default() -> bool {
    let (variable, path) = match cfg!(windows) {
        true => ("APPDATA", "gcloud/application_default_credentials.json"),
        false => ("HOME", ".config/gcloud/application_default_credentials.json"),
    };
    std::env::var_os(variable).is_some_and(|home| std::path::Path::new(&home).join(path).exists())
}

fn client(address: &Address, access: Access, retry: RetryConfig) -> object_store::Result<Arc<dyn ObjectStore>> {
    Ok(match address.scheme {
        Scheme::S3 => {
            let mut builder = AmazonS3Builder::from_env().with_bucket_name(&address.host).with_retry(retry);
            for (key, value) in defaults("AWS_") {
                builder = builder.with_config(AmazonS3ConfigKey::Client(key), value);
            }
            if access == Access::Nobody {
                builder = builder.with_skip_signature(true);
            }
            Arc::new(builder.build()?)
        }
        Scheme::Gcs => {
            let mut builder = GoogleCloudStorageBuilder::from_env()
                .with_bucket_name(&address.host)
                .with_client_options(google_options())
                .with_retry(retry);
            if access == Access::Nobody {
                builder = builder.with_skip_signature(true);
            }
            Arc::new(builder.build()?)
        }
        Scheme::Web => {
            let options = web_options(address);
            Arc::new(HttpBuilder::new().with_url(&address.base).with_client_options(options).with_retry(retry).build()?)
        }
    })
}

/// Options of ours that the environment does not set.
fn defaults(prefix: &'static str) -> impl Iterator<Item = (ClientConfigKey, String)> {
    [
        (ClientConfigKey::UserAgent, "USER_AGENT", USER_AGENT.to_owned()),
        (ClientConfigKey::ReadTimeout, "READ_TIMEOUT", format!("{}s", SILENCE.as_secs())),
        (ClientConfigKey::Timeout, "TIMEOUT", format!("{}s", ANSWER.as_secs())),
    ]
    .into_iter()
    .filter(move |(_, name, _)| !is_set(&format!("{prefix}{name}")))
    .map(|(key, _, value)| (key, value))
}

/// The crate keeps no headers where it reads the environment, so its options are read here again.
fn google_options() -> ClientOptions {
    let mut options = ClientOptions::new().with_allow_http(true);
    for (name, value) in std::env::vars_os() {
        let (Some(name), Some(value)) = (name.to_str(), value.to_str()) else { continue };
        let key = name.strip_prefix("GOOGLE_").and_then(|name| name.to_ascii_lowercase().parse().ok());
        if let Some(key) = key {
            options = options.with_config(key, value);
        }
    }
    for (key, value) in defaults("GOOGLE_") {
        options = options.with_config(key, value);
    }
    let project = std::env::var("GOOGLE_CLOUD_QUOTA_PROJECT").ok().filter(|project| !project.is_empty());
    match project.and_then(|project| HeaderValue::from_str(&project).ok()) {
        Some(project) => options.with_default_headers(HeaderMap::from_iter([(
            reqwest::header::HeaderName::from_static("x-goog-user-project"),
            project,
        )])),
        None => options,
    }
}

fn web_options(address: &Address) -> ClientOptions {
    let options = ClientOptions::new()
        .with_user_agent(HeaderValue::from_static(USER_AGENT))
        .with_read_timeout(SILENCE)
        .with_timeout(ANSWER)
        // Other servers than this machine are refused before, see `Address`.
        .with_allow_http(address.base.starts_with("http://"));
    // The client drops the header where it is sent on to another server.
    let header = Credentials::known(&address.host).and_then(|known| HeaderValue::from_str(&known.header()).ok());
    match header {
        Some(mut value) => {
            value.set_sensitive(true);
            options.with_default_headers(HeaderMap::from_iter([(reqwest::header::AUTHORIZATION, value)]))
        }
        None => options,
    }
}
