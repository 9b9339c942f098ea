package org.commissure.coordinator.console;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509KeyManager;
import org.commissure.coordinator.console.access.LoginGuard;
import org.commissure.coordinator.console.access.Sessions;
import org.commissure.coordinator.console.oidc.ProviderAccounts;
import org.commissure.coordinator.console.oidc.ProviderFlow;
import org.commissure.protocol.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the console over TLS 1.3. The event loop only reads requests and writes answers: whatever touches the database, the
 * log or a password runs on virtual threads. Thread-safe.
 */
public final class ConsoleServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);
    private static final int PATIENCE_SECONDS = 10;
    private static final int MAXIMUM_BODY_BYTES = 64 << 10;
    private static final String OPENAPI = Endpoint.ROOT + "/openapi.json";

    /** Nothing is loaded from elsewhere, nothing runs that is not a file of ours, nobody may frame it. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Strict-Transport-Security",
            "max-age=31536000",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=()",
            "Cache-Control",
            "no-store");

    private final Vertx vertx;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Pages pages = new Pages();
    private final Gate gate;
    private final LiveStream live;
    private final ProviderFlow provider;
    private final Router router;
    private final HttpServer server;

    private ConsoleServer(Sources sources, X509KeyManager keys, String host, int port) {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2));
        AccessLog accesses = new AccessLog(sources.accesses(), sources.clock());
        Sessions sessions = new Sessions(sources.users(), sources.identities(), sources.clock());
        LoginGuard guard = new LoginGuard(sources.clock());
        provider = new ProviderFlow(sources.home(), sources.clock());
        SignIn signIn = new SignIn(sources.users(), sessions, guard, accesses, provider);
        ProviderSignIn providerSignIn = new ProviderSignIn(
                provider,
                new ProviderAccounts(sources.users(), sources.identities(), sources.clock()),
                signIn,
                guard,
                accesses);
        gate = new Gate(sessions, accesses);
        live = new LiveStream(sources, sessions, vertx, ConsoleJson::write);
        router = router(new Endpoints(sources, signIn, providerSignIn, accesses).all());
        server = vertx.createHttpServer(new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(KeyCertOptions.wrap(keys))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setIdleTimeout(60)
                .setMaxHeaderSize(16 << 10)
                .setHost(host)
                .setPort(port));
    }

    /**
     * Starts to listen.
     *
     * @param keys of the coordinator; asked at every handshake, so that a renewed certificate is shown at once
     * @param port 0 takes a free one
     * @throws UserError if the port cannot be listened on
     */
    public static ConsoleServer open(Sources sources, X509KeyManager keys, String host, int port) {
        ConsoleServer opened = new ConsoleServer(sources, keys, host, port);
        try {
            opened.server.requestHandler(opened.router).listen().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!opened.pages.built()) {
                LOG.warn("the console's pages were not built; only its API is served");
            }
            return opened;
        } catch (Exception e) {
            opened.close();
            throw new UserError(
                    "port " + port + " cannot be listened on for the console: " + e.getMessage(),
                    "end the process that uses it, or change 'console_port' in coordinator.toml",
                    e);
        }
    }

    public int port() {
        return server.actualPort();
    }

    /** Paths with their methods as the router has them, parameters as {@code :name}; for the test of the document. */
    Router router() {
        return router;
    }

    private Router router(List<Endpoint> endpoints) {
        Router made = Router.router(vertx);
        made.route().handler(ConsoleServer::harden);
        made.post().handler(BodyHandler.create(false).setBodyLimit(MAXIMUM_BODY_BYTES));
        for (Endpoint endpoint : endpoints) {
            made.route(HttpMethod.valueOf(endpoint.method().name()), endpoint.route())
                    .handler(routed -> handle(endpoint, routed));
        }
        String document = ConsoleJson.write(OpenApi.of(endpoints));
        made.get(OPENAPI).handler(routed -> json(routed.response(), 200, document));
        made.route(Endpoint.ROOT + "/*").handler(routed -> say(routed, Problem.notFound("the API has no such path")));
        made.get().handler(pages::answer);
        made.route().failureHandler(routed -> {
            int status = routed.statusCode() < 400 ? 500 : routed.statusCode();
            if (routed.failure() != null && status >= 500) {
                LOG.error("a request failed", routed.failure());
            }
            say(routed, new Problem(status, "the request cannot be answered", "reload the page"));
        });
        return made;
    }

    private static void harden(RoutingContext routed) {
        HEADERS.forEach(routed.response()::putHeader);
        routed.next();
    }

    private void handle(Endpoint endpoint, RoutingContext routed) {
        Gate.Arrived arrived = Gate.Arrived.of(routed);
        workers.execute(() -> {
            try {
                Endpoint.Call call = gate.admit(endpoint, arrived);
                if (endpoint.answers().form() == Endpoint.Form.EVENTS) {
                    String person = call.signedIn().person();
                    onLoop(routed, () -> live.open(person, call.token(), routed.response()));
                    return;
                }
                Endpoint.Reply reply = endpoint.handler().answer(call);
                if (reply.body() instanceof Endpoint.Download download) {
                    onLoop(routed, () -> send(routed, download));
                } else {
                    String body = ConsoleJson.write(reply.body());
                    onLoop(routed, () -> {
                        reply.cookies()
                                .forEach((name, value) -> routed.response().addCookie(Gate.cookie(name, value)));
                        json(routed.response(), 200, body);
                    });
                }
            } catch (Problem e) {
                onLoop(routed, () -> say(routed, e));
            } catch (UserError e) {
                onLoop(routed, () -> say(routed, new Problem(500, String.valueOf(e.getMessage()), e.remedy())));
            } catch (Exception e) {
                LOG.error("{} could not be answered", endpoint.path(), e);
                onLoop(
                        routed,
                        () -> say(
                                routed, new Problem(500, "the coordinator has a defect here", "read its process log")));
            }
        });
    }

    private static void onLoop(RoutingContext routed, Runnable work) {
        routed.vertx().runOnContext(now -> {
            if (!routed.response().ended() && !routed.response().closed()) {
                work.run();
            }
        });
    }

    private static void send(RoutingContext routed, Endpoint.Download download) {
        HttpServerResponse response = routed.response();
        response.putHeader("Content-Type", "application/octet-stream")
                .putHeader("Content-Disposition", "attachment; filename=\"" + download.name() + "\"");
        response.sendFile(download.file().toString()).onFailure(problem -> {
            LOG.warn("{} could not be sent: {}", download.file(), problem.getMessage());
            routed.request().connection().close();
        });
    }

    private static void say(RoutingContext routed, Problem problem) {
        json(routed.response(), problem.status(), ConsoleJson.write(problem.body()));
    }

    private static void json(HttpServerResponse response, int status, String body) {
        var unused = response.setStatusCode(status)
                .putHeader("Content-Type", "application/json; charset=utf-8")
                .end(body);
    }

    @Override
    public void close() {
        live.close();
        workers.shutdown();
        provider.close();
        try {
            vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            LOG.warn("the console did not close in time: {}", e.getMessage());
        }
    }
}
