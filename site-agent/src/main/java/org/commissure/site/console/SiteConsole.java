package org.commissure.site.console;

import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.round.AgentState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console's server. Its event loop never waits: pages are made on two threads of the console's own, which the agent
 * does not use, and a page that fails is an answer and a line in the log. Close it; then nothing of it is left.
 */
public final class SiteConsole implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SiteConsole.class);
    private static final String COOKIE = "commissure-site";
    private static final int THREADS = 2;
    private static final int WAITING = 64;
    private static final int FORM_BYTES = 16_384;
    private static final int IDLE_SECONDS = 60;
    private static final long PATIENCE_SECONDS = 10;
    private static final long TICK_MILLISECONDS = 1_000;

    private final Vertx vertx;
    private final ConsoleAccess access;
    private final Sessions sessions;
    private final Routes routes;
    private final Events events;
    private final ExecutorService work;
    private final byte[] style = resource("style.css");
    private final byte[] script = resource("live.js");
    private volatile RequestGuard guard;
    private volatile ConsoleAddress address;
    private String url = "";

    private SiteConsole(
            SiteHome home,
            ConsoleAddress wanted,
            Clock clock,
            Supplier<Optional<AgentState>> agent,
            SecureRandom random) {
        ConsoleHome reader = new ConsoleHome(home, clock, agent);
        LiveStatus live = new LiveStatus(reader);
        this.access = ConsoleAccess.open(home, random);
        this.sessions = new Sessions(clock, random);
        this.routes = new Routes(reader, live);
        this.work = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().name("console-", 0).daemon().factory());
        this.events = new Events(live, work);
        this.address = wanted;
        this.guard = new RequestGuard(wanted);
        this.vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(1)
                        .setWorkerPoolSize(1)
                        .setInternalBlockingPoolSize(1)
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false)))
                .build();
    }

    /**
     * Listens, and keeps the address in the home.
     *
     * @param agent what the agent of this process does; empty where none runs in it
     * @throws UserError if the folder is not an enrolled site's, or the port is taken
     */
    public static SiteConsole start(
            SiteHome home, ConsoleAddress address, Clock clock, Supplier<Optional<AgentState>> agent) {
        SiteConsole console = new SiteConsole(home, address, clock, agent, new SecureRandom());
        try {
            console.listen();
            console.url = console.access.publish(home, console.address);
            return console;
        } catch (RuntimeException e) {
            console.close();
            throw e;
        }
    }

    private void listen() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxFormAttributeSize(FORM_BYTES)
                .setMaxFormBufferedBytes(FORM_BYTES)
                .setMaxFormFields(32)
                .setHttp2ClearTextEnabled(false);
        try {
            HttpServer server = vertx.createHttpServer(options)
                    .requestHandler(this::handle)
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            address = address.on(server.actualPort());
            guard = new RequestGuard(address);
            Context loop = vertx.getOrCreateContext();
            vertx.setPeriodic(TICK_MILLISECONDS, id -> events.tick(loop));
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UserError(
                    "the console cannot listen on " + address.authority() + ": " + cause.getMessage(),
                    "choose another port; the agent itself needs none",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("the console was stopped while it started", "start it again", e);
        }
    }

    /** With the token: whoever has it may decide for the site. */
    public String url() {
        return url;
    }

    /** Without it. */
    public String address() {
        return "http://" + address.authority() + "/";
    }

    private void handle(HttpServerRequest request) {
        RequestGuard.HEADERS.forEach(request.response()::putHeader);
        Optional<String> refused = guard.refuses(request);
        if (refused.isPresent()) {
            send(request.response(), Answer.text(403, refused.get()));
            return;
        }
        boolean reads = request.method().equals(HttpMethod.GET);
        String path = request.path();
        if (reads && path.equals("/style.css")) {
            send(request.response(), Answer.file("text/css; charset=utf-8", style));
        } else if (reads && path.equals("/live.js")) {
            send(request.response(), Answer.file("text/javascript; charset=utf-8", script));
        } else if (reads && path.equals("/")) {
            enter(request);
        } else if (path.startsWith(access.base() + "/")) {
            inside(request, path.substring(access.base().length() + 1));
        } else {
            send(request.response(), Answer.html(404, routes.frame().entrance("There is nothing here.")));
        }
    }

    private void enter(HttpServerRequest request) {
        String token = request.getParam("token");
        if (token == null || !access.admits(token)) {
            send(
                    request.response(),
                    Answer.html(401, routes.frame().entrance("This console is opened by an address with a token.")));
            return;
        }
        Sessions.Session session = sessions.begin();
        Answer admitted = Answer.html(200, Frame.admitted(access.base()));
        send(
                request.response(),
                admitted.with(
                        "Set-Cookie",
                        COOKIE + "=" + session.id() + "; Path=" + access.base() + "/; HttpOnly; SameSite=Strict"));
    }

    private void inside(HttpServerRequest request, String path) {
        Cookie cookie = request.getCookie(COOKIE);
        Optional<Sessions.Session> session = cookie == null ? Optional.empty() : sessions.find(cookie.getValue());
        if (session.isEmpty()) {
            send(
                    request.response(),
                    Answer.html(401, routes.frame().entrance("This browser is not signed in, or no longer.")));
        } else if (request.method().equals(HttpMethod.POST)) {
            receive(request, path, session.get());
        } else if (path.equals("events")) {
            if (!events.add(request.response())) {
                send(request.response(), Answer.text(503, "too many pages are open"));
            }
        } else {
            Map<String, String> query = new HashMap<>();
            request.params().forEach(entry -> query.put(entry.getKey(), entry.getValue()));
            boolean json = String.valueOf(request.getHeader("Accept")).startsWith("application/json");
            Ask ask = new Ask(access.base(), path, query, Map.of(), session.get());
            answer(request, () -> routes.get(ask, json));
        }
    }

    private void receive(HttpServerRequest request, String path, Sessions.Session session) {
        String type = String.valueOf(request.getHeader("Content-Type"));
        if (!type.startsWith("application/x-www-form-urlencoded")) {
            send(request.response(), Answer.text(415, "this console takes its own forms only"));
            return;
        }
        request.setExpectMultipart(true);
        request.exceptionHandler(broken -> send(request.response(), Answer.text(413, "this form is too large")));
        request.endHandler(end -> {
            Map<String, List<String>> form = fields(request.formAttributes());
            String csrf = form.getOrDefault("csrf", List.of("")).getFirst();
            if (!ConsoleAccess.same(session.csrf(), csrf)) {
                send(request.response(), Answer.text(403, "this form is not of your session; go back and reload it"));
                return;
            }
            Ask ask = new Ask(access.base(), path, Map.of(), form, session);
            answer(request, () -> routes.post(ask));
        });
    }

    private static Map<String, List<String>> fields(MultiMap attributes) {
        Map<String, List<String>> form = new HashMap<>();
        attributes.names().forEach(name -> form.put(name, attributes.getAll(name)));
        return form;
    }

    /** Makes the answer on the console's own threads, and sends it on the event loop. */
    private void answer(HttpServerRequest request, Supplier<Answer> make) {
        Context loop = vertx.getOrCreateContext();
        try {
            work.execute(() -> {
                Answer answer = make.get();
                loop.runOnContext(now -> send(request.response(), answer));
            });
        } catch (RejectedExecutionException e) {
            send(request.response(), Answer.text(503, "this console is busy; try again"));
        }
    }

    private static void send(HttpServerResponse response, Answer answer) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answer.status()).putHeader("Content-Type", answer.type());
        answer.headers().forEach(response::putHeader);
        response.end(Buffer.buffer(answer.body()))
                .onFailure(gone -> LOG.debug("a browser went away: {}", gone.getMessage()));
    }

    private static byte[] resource(String name) {
        try (InputStream in = SiteConsole.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this installation lacks " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends every connection and thread of the console. */
    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the console did not stop cleanly: {}", e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        work.shutdownNow();
        routes.close();
    }
}
