package org.commissure.coordinator.transparency;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.protocol.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the log's files over TLS 1.3, read-only, to members of the federation. A partial tile of any
 * width is answered, also one that the log has since overgrown. Thread-safe.
 */
public final class LogServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogServer.class);
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int BROKEN = 500;
    private static final int PATIENCE_SECONDS = 10;

    private final Vertx vertx;
    private final HttpServer server;
    private final LogFiles files;
    private final Members members;
    private final Readers readers;

    /** Who may read. */
    @FunctionalInterface
    public interface Members {
        /** @throws NotAMemberException if its owner may not; the message is told to the reader */
        CertificateName check(X509Certificate certificate) throws NotAMemberException;
    }

    /** The owner of a certificate may not read the log. */
    public static final class NotAMemberException extends Exception {
        private static final long serialVersionUID = 1L;

        public NotAMemberException(String why) {
            super(why);
        }
    }

    /** Is told of each request that is answered; reading the log is itself logged. */
    @FunctionalInterface
    public interface Readers {
        void read(CertificateName who);
    }

    private LogServer(Vertx vertx, HttpServer server, Path log, Members members, Readers readers) {
        this.vertx = vertx;
        this.server = server;
        this.files = new LogFiles(log);
        this.members = members;
        this.readers = readers;
    }

    /**
     * Starts to listen.
     *
     * @param keys of the coordinator; asked at every handshake, so that a renewed certificate is shown at once
     * @param clients lets any certificate through the handshake: {@code members} judges it
     * @param port 0 takes a free one
     * @throws UserError if the port cannot be listened on
     */
    public static LogServer open(
            Path log,
            X509KeyManager keys,
            TrustManager clients,
            Members members,
            Readers readers,
            String host,
            int port) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2));
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(KeyCertOptions.wrap(keys))
                .setTrustOptions(TrustOptions.wrap(clients))
                .setClientAuth(ClientAuth.REQUEST)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setIdleTimeout(60)
                .setHost(host)
                .setPort(port));
        LogServer opened = new LogServer(vertx, server, log, members, readers);
        try {
            server.requestHandler(opened::handle).listen().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return opened;
        } catch (Exception e) {
            opened.close();
            throw new UserError(
                    "port " + port + " cannot be listened on for the log: " + e.getMessage(),
                    "end the process that uses it, or change 'log_port' in coordinator.toml",
                    e);
        }
    }

    public int port() {
        return server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            response.putHeader("Allow", "GET, HEAD");
            say(response, METHOD_NOT_ALLOWED, "the log is read-only");
            return;
        }
        X509Certificate certificate = certificate(request).orElse(null);
        if (certificate == null) {
            say(response, FORBIDDEN, "the log is shown to members: show a certificate of the federation");
            return;
        }
        String path = request.path() == null ? "" : request.path().replaceFirst("^/", "");
        boolean withBody = request.method().equals(HttpMethod.GET);
        var unused = vertx.executeBlocking(() -> answer(certificate, path))
                .onSuccess(reply -> reply.send(response, withBody))
                .onFailure(problem -> {
                    LOG.error("{} could not be served", path, problem);
                    say(response, BROKEN, "the coordinator cannot read its log; tell its operator");
                });
    }

    /** What is sent back. */
    private record Reply(int status, String refusal, Optional<LogFiles.Answer> answer) {
        void send(HttpServerResponse response, boolean withBody) {
            if (answer.isEmpty()) {
                say(response, status, refusal);
                return;
            }
            response.setStatusCode(status)
                    .putHeader("Content-Type", answer.get().type())
                    .putHeader("Cache-Control", answer.get().cache())
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Content-Length", Integer.toString(answer.get().body().length));
            var unused = withBody ? response.end(Buffer.buffer(answer.get().body())) : response.end();
        }
    }

    private Reply answer(X509Certificate certificate, String path) throws Exception {
        CertificateName who;
        try {
            who = members.check(certificate);
        } catch (NotAMemberException e) {
            return new Reply(FORBIDDEN, String.valueOf(e.getMessage()), Optional.empty());
        }
        Optional<LogFiles.Answer> answer = files.get(path);
        if (answer.isEmpty()) {
            return new Reply(NOT_FOUND, "the log has no such file", Optional.empty());
        }
        readers.read(who);
        return new Reply(OK, "", answer);
    }

    private static Optional<X509Certificate> certificate(HttpServerRequest request) {
        SSLSession session = request.connection().sslSession();
        try {
            return session != null
                            && session.getPeerCertificates().length > 0
                            && session.getPeerCertificates()[0] instanceof X509Certificate leaf
                    ? Optional.of(leaf)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    private static void say(HttpServerResponse response, int status, String text) {
        var unused = response.setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .end(text + "\n");
    }

    @Override
    public void close() {
        try {
            vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            LOG.warn("the log's server did not close in time: {}", e.getMessage());
        }
    }
}
