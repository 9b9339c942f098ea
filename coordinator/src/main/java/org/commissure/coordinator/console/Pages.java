package org.commissure.coordinator.console;

import com.google.protobuf.ByteString;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.commissure.coordinator.console.oidc.ProviderSettings;
import org.commissure.privacy.identity.SignedMessages;

/** The pages as the build bundled them, from the class path; read once. */
final class Pages {
    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "app.js", "text/javascript; charset=utf-8",
            "app.css", "text/css; charset=utf-8",
            "icon.svg", "image/svg+xml");

    /** The pages' address, and where the OpenID provider sends people back to: what it says there, the page hands on. */
    private static final Set<String> ENTRANCES = Set.of("/", ProviderSettings.RETURN_PATH);

    /** What is served where the build left the pages out. */
    private static final String MISSING =
            "The console's pages were not built (-Dconsole.skip). The API is at /api/v1/openapi.json.\n"
                    + "Build them with deploy/setup.sh, which needs Node.js and npm.\n";

    private final Map<String, File> files = new TreeMap<>();

    private record File(Buffer bytes, String type, String tag) {}

    Pages() {
        for (Map.Entry<String, String> file : TYPES.entrySet()) {
            read(file.getKey())
                    .ifPresent(bytes -> files.put(
                            "/" + file.getKey(), new File(Buffer.buffer(bytes), file.getValue(), tag(bytes))));
        }
    }

    boolean built() {
        return files.containsKey("/index.html");
    }

    void answer(RoutingContext routed) {
        HttpServerResponse response = routed.response();
        String path = ENTRANCES.contains(routed.normalizedPath()) ? "/index.html" : routed.normalizedPath();
        File file = files.get(path);
        if (file == null) {
            var unused = response.setStatusCode(path.equals("/index.html") ? 503 : 404)
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .end(path.equals("/index.html") ? MISSING : "there is no such page\n");
            return;
        }
        response.putHeader("Cache-Control", "no-cache").putHeader("ETag", file.tag());
        if (file.tag().equals(routed.request().getHeader("If-None-Match"))) {
            var unused = response.setStatusCode(304).end();
            return;
        }
        var unused = response.putHeader("Content-Type", file.type()).end(file.bytes());
    }

    private static Optional<byte[]> read(String name) {
        try (InputStream in = Pages.class.getResourceAsStream("/console/" + name)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("the console's " + name + " cannot be read", e);
        }
    }

    private static String tag(byte[] bytes) {
        byte[] hash = SignedMessages.sha256(ByteString.copyFrom(bytes)).toByteArray();
        return "\"" + HexFormat.of().formatHex(hash, 0, 16) + "\"";
    }
}
