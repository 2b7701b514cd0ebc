//! A server of the simplest kind, which is told of the end of sessions.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::Semaphore,
};

use super::read;

/// It keeps path and token of what it is told, and answers as set; held, it does not answer before it is let go.
pub(super) struct Server {
    port: u16,
    pub(super) heard: Arc<Mutex<Vec<(String, String)>>>,
    pub(super) answer: Arc<Mutex<u16>>,
    gate: Arc<Semaphore>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (heard, answer) = (Arc::<Mutex<Vec<(String, String)>>>::default(), Arc::new(Mutex::new(200)));
        let gate = Arc::new(Semaphore::new(1));
        let (log, reply, door) = (Arc::clone(&heard), Arc::clone(&answer), Arc::clone(&gate));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let (log, reply, door) = (Arc::clone(&log), Arc::clone(&reply), Arc::clone(&door));
                tokio::spawn(async move {
                    let mut request = String::new();
                    let token = loop {
                        let mut chunk = [0; 4096];
                        let length = socket.read(&mut chunk).await.unwrap();
                        request.push_str(std::str::from_utf8(&chunk[..length]).unwrap());
                        let Some((fields, body)) = request.split_once("\r\n\r\n") else { continue };
                        let fields = fields.to_lowercase();
                        let length = fields.split_once("content-length: ").unwrap().1;
                        let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
                        if body.len() == length {
                            assert!(fields.contains("content-type: application/x-www-form-urlencoded"));
                            break body.strip_prefix("logout_token=").unwrap().to_owned();
                        }
                    };
                    let path = request.split(' ').nth(1).unwrap().to_owned();
                    log.lock().unwrap().push((path, token));
                    drop(door.acquire().await);
                    let status = *reply.lock().unwrap();
                    let line = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n");
                    let _ = socket.write_all(line.as_bytes()).await;
                });
            }
        });
        Self { port, heard, answer, gate }
    }

    pub(super) fn url(&self, path: &str) -> url::Url {
        format!("http://127.0.0.1:{}/{path}", self.port).parse().unwrap()
    }

    /// Path and claims of everything heard since the last look, in order of the path.
    pub(super) fn take(&self) -> Vec<(String, Value)> {
        let mut heard = std::mem::take(&mut *self.heard.lock().unwrap());
        heard.sort();
        heard.into_iter().map(|(path, token)| (path, read(&token).1)).collect()
    }

    pub(super) fn answers(&self, status: u16) {
        *self.answer.lock().unwrap() = status;
    }

    /// Answers nothing from now on.
    pub(super) fn hold(&self) {
        self.gate.forget_permits(1);
    }

    pub(super) fn let_go(&self) {
        self.gate.add_permits(1);
    }
}
