package org.commissure.coordinator.console.oidc;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * How we talk to the provider: over TLS only, to the host that its certificate names, vouched for by the Java runtime's
 * authorities or the operator's. Follows no redirection, reads no more than a provider has to say, and waits no longer than a
 * person would. Thread-safe.
 */
final class ProviderHttp implements HTTPRequestSender, ResourceRetriever, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** For one whole exchange: a body that trickles does not hold a sign-in longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MAXIMUM_BODY_BYTES = 256 << 10;

    private final HttpClient client;

    /** @param authorities PEM certificates to trust as well */
    ProviderHttp(Optional<String> authorities) {
        client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(trusting(authorities))
                .build();
    }

    private static SSLContext trusting(Optional<String> authorities) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, authorities.isEmpty() ? null : anchors(authorities.get()), new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    private static TrustManager[] anchors(String authorities) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        int number = 0;
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager usual) {
                for (X509Certificate anchor : usual.getAcceptedIssuers()) {
                    store.setCertificateEntry("java-" + number++, anchor);
                }
            }
        }
        for (Certificate anchor : certificates(authorities)) {
            store.setCertificateEntry("operator-" + number++, anchor);
        }
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** @throws UserError if there is none, or something else */
    static Collection<? extends Certificate> certificates(String pem) {
        try {
            Collection<? extends Certificate> read = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
            if (!read.isEmpty()) {
                return read;
            }
        } catch (GeneralSecurityException e) {
            // said below
        }
        throw new UserError(
                "the authority's file holds no certificate",
                "name a PEM file with the certificate of the authority that signed the provider's");
    }

    @Override
    public HTTPResponse send(ReadOnlyHTTPRequest request) throws IOException {
        HttpRequest.Builder made = HttpRequest.newBuilder(request.getURI());
        request.getHeaderMap().forEach((name, values) -> values.forEach(value -> made.header(name, value)));
        if (request.getMethod() == HTTPRequest.Method.POST) {
            made.POST(HttpRequest.BodyPublishers.ofString(request.getBody() == null ? "" : request.getBody()));
        }
        HttpResponse<String> answer = exchange(made);
        HTTPResponse read = new HTTPResponse(answer.statusCode());
        answer.headers().map().forEach((name, values) -> {
            if (!name.startsWith(":")) {
                read.setHeader(name, values.toArray(String[]::new));
            }
        });
        read.setBody(answer.body());
        return read;
    }

    @Override
    public Resource retrieveResource(URL address) throws IOException {
        return new Resource(get(URI.create(address.toString())), "application/json");
    }

    /** The body of what lies at {@code address}. */
    String get(URI address) throws IOException {
        HttpResponse<String> answer = exchange(HttpRequest.newBuilder(address).header("Accept", "application/json"));
        if (answer.statusCode() != HTTPResponse.SC_OK) {
            throw new StatusException(answer.statusCode());
        }
        return answer.body();
    }

    /** Another answer than 200. */
    static final class StatusException extends IOException {
        private static final long serialVersionUID = 1L;

        StatusException(int status) {
            super("it answers with HTTP status " + status);
        }
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) throws IOException {
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                request.timeout(PATIENCE).build(),
                BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAXIMUM_BODY_BYTES));
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("it does not answer within " + PATIENCE.toSeconds() + " s");
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the coordinator stops");
        } catch (ExecutionException e) {
            @Nullable Throwable cause = e.getCause();
            throw cause instanceof IOException problem ? problem : new IOException(String.valueOf(cause), cause);
        }
    }

    /** Ends when what is under way is over. */
    void release() {
        client.shutdown();
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
