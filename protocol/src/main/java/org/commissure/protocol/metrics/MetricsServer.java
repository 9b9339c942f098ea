package org.commissure.protocol.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.commissure.protocol.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /metrics} in Prometheus' text format and {@code GET /healthz} with 200 or 503, over plain HTTP and
 * to whoever reaches the address: nothing may be exported that its readers may not know. Thread-safe.
 */
public final class MetricsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int BROKEN = 500;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final ProcessMeters process;
    private final PrometheusMeterRegistry registry;

    /** The process whose metrics these are. */
    public interface Source {
        /** Registers its meters; called once. */
        void register(PrometheusMeterRegistry registry);

        /** Brings what is not read at every export up to date; called before each, one at a time. */
        void refresh();

        /** Whether it does its work, as {@code /healthz} says. */
        boolean healthy();
    }

    private MetricsServer(HttpServer server, PrometheusMeterRegistry registry, Path home) {
        this.server = server;
        this.registry = registry;
        this.process = new ProcessMeters(registry, home);
    }

    /**
     * Starts to listen.
     *
     * @param home whose disk is watched
     * @throws UserError if the address cannot be listened on
     */
    public static MetricsServer open(MetricsAddress address, Path home, Source source) {
        HttpServer http;
        try {
            http = HttpServer.create(address.resolve(), 0);
        } catch (IOException e) {
            throw new UserError(
                    "metrics cannot be served at " + address.host() + ":" + address.port() + ": " + e.getMessage(),
                    "choose another --metrics-port",
                    e);
        }
        MetricsServer opened = new MetricsServer(http, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), home);
        source.register(opened.registry);
        http.setExecutor(opened.workers);
        http.createContext("/metrics", exchange -> opened.answer(exchange, source));
        http.createContext("/healthz", exchange -> health(exchange, source));
        http.start();
        return opened;
    }

    /** The port that is listened on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange, Source source) throws IOException {
        if (!allowed(exchange, "/metrics")) {
            return;
        }
        try {
            String text;
            synchronized (registry) {
                source.refresh();
                text = registry.scrape();
            }
            send(exchange, OK, "text/plain; version=0.0.4; charset=utf-8", text);
        } catch (RuntimeException e) {
            LOG.error("metrics cannot be exported: {}", e.getMessage());
            send(exchange, BROKEN, "text/plain", "the process cannot say; see its log\n");
        }
    }

    private static void health(HttpExchange exchange, Source source) throws IOException {
        if (allowed(exchange, "/healthz")) {
            boolean healthy = source.healthy();
            send(exchange, healthy ? OK : UNAVAILABLE, "text/plain", healthy ? "ok\n" : "unavailable\n");
        }
    }

    /** One path, read only; what a context is asked for beyond its path is nothing. */
    private static boolean allowed(HttpExchange exchange, String path) throws IOException {
        if (!exchange.getRequestURI().getPath().equals(path)) {
            send(exchange, NOT_FOUND, "text/plain", "/metrics or /healthz\n");
            return false;
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            send(exchange, METHOD_NOT_ALLOWED, "text/plain", "GET only\n");
            return false;
        }
        return true;
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.close();
        process.close();
        registry.close();
    }
}
