package org.commissure.coordinator.console.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.TokenErrorResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.SubjectType;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * An OpenID provider over TLS, by the same rules as any: it checks the client's secret, the redirect URI, PKCE, and that a code
 * is used once. What it signs, and with what, a test may change: that is what it is there for. Thread-safe.
 */
public final class TestProvider implements AutoCloseable {
    public static final String CLIENT = "commissure";
    public static final String SECRET = "the secret of the client, which is long";

    private static final RSAKey FIRST = newKey("first");

    public final TestCertificates certificates;
    private final HttpsServer server;
    private final String issuer;
    private final Map<String, Granted> codes = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Object>> access = new ConcurrentHashMap<>();
    private final List<String> asked = new ArrayList<>();

    /** What lies at the key address. */
    public volatile RSAKey key = FIRST;

    /** Changed to lie in the ID token. */
    public volatile Consumer<JWTClaimsSet.Builder> claims = builder -> {};

    /** Changed to sign otherwise. */
    public volatile Signer signer = TestProvider::signed;

    /** Changed to describe itself otherwise. */
    public volatile Consumer<OIDCProviderMetadata> description = metadata -> {};

    /** Whether {@code email} and what else a person has stand in UserInfo only, as many providers have it. */
    public volatile boolean shortTokens;

    /** Whom UserInfo is about; empty: whom the token was given to. */
    public volatile String userInfoSubject = "";

    /** How an ID token comes to be. */
    public interface Signer {
        /** @param key the provider's own */
        JWT sign(JWTClaimsSet claims, RSAKey key) throws JOSEException, java.text.ParseException;
    }

    private record Granted(AuthenticationRequest request, Map<String, Object> person) {}

    /** Listens on a free port of loopback. */
    public TestProvider() throws IOException, GeneralSecurityException {
        certificates = new TestCertificates();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificates.server()));
        issuer = "https://localhost:" + server.getAddress().getPort();
        server.createContext("/", this::answer);
        server.start();
    }

    /** Undoes what a test changed of tokens. */
    public void tellTheTruth() {
        claims = builder -> {};
        signer = TestProvider::signed;
    }

    public String issuer() {
        return issuer;
    }

    /** Settings with which a console works with this provider. */
    public ProviderSettings settings(int consolePort, List<String> roles) {
        return new ProviderSettings(
                issuer,
                CLIENT,
                SECRET,
                "https://localhost:" + consolePort + "/oidc",
                "Sign in with the hospital",
                List.of("openid", "profile", "email"),
                roles.isEmpty() ? Optional.empty() : Optional.of("groups"),
                roles,
                Optional.of(certificates.authorityPem()));
    }

    /** How often each path was asked for. */
    public long asked(String path) {
        synchronized (asked) {
            return asked.stream().filter(path::equals).count();
        }
    }

    public static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("no RSA", e);
        }
    }

    public static SignedJWT signed(JWTClaimsSet claims, RSAKey key) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
        token.sign(new RSASSASigner(key));
        return token;
    }

    /**
     * What the person does there: signs in, and is sent back.
     *
     * @param address where the console sent the browser
     * @param person its claims, {@code sub} among them
     * @return the query of the redirect URI
     */
    public Map<String, String> signIn(String address, Map<String, Object> person) throws ParseException {
        AuthenticationRequest request = AuthenticationRequest.parse(URI.create(address));
        if (!request.getEndpointURI().toString().equals(issuer + "/authorize")
                || !request.getClientID().getValue().equals(CLIENT)
                || !request.getResponseType().equals(ResponseType.CODE)
                || !CodeChallengeMethod.S256.equals(request.getCodeChallengeMethod())
                || request.getNonce() == null) {
            throw new IllegalArgumentException("the provider would refuse " + address);
        }
        String code = new AuthorizationCode().getValue();
        codes.put(code, new Granted(request, person));
        return new TreeMap<>(Map.of("code", code, "state", request.getState().getValue(), "iss", issuer));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            synchronized (asked) {
                asked.add(path);
            }
            HTTPResponse response = switch (path) {
                case "/.well-known/openid-configuration" -> json(metadata());
                case "/keys" -> json(new JWKSet(key).toString());
                case "/token" -> token(exchange);
                case "/userinfo" -> userInfo(exchange);
                default -> new HTTPResponse(404);
            };
            byte[] body = response.getBody() == null
                    ? new byte[0]
                    : response.getBody().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(response.getStatusCode(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (ParseException | JOSEException e) {
            throw new IOException(e);
        }
    }

    private static HTTPResponse json(String body) {
        HTTPResponse response = new HTTPResponse(200);
        response.setBody(body);
        return response;
    }

    private String metadata() {
        OIDCProviderMetadata metadata =
                new OIDCProviderMetadata(new Issuer(issuer), List.of(SubjectType.PUBLIC), URI.create(issuer + "/keys"));
        metadata.setAuthorizationEndpointURI(URI.create(issuer + "/authorize"));
        metadata.setTokenEndpointURI(URI.create(issuer + "/token"));
        metadata.setUserInfoEndpointURI(URI.create(issuer + "/userinfo"));
        metadata.setEndSessionEndpointURI(URI.create(issuer + "/end"));
        metadata.setResponseTypes(List.of(ResponseType.CODE));
        metadata.setCodeChallengeMethods(List.of(CodeChallengeMethod.S256));
        metadata.setIDTokenJWSAlgs(List.of(JWSAlgorithm.RS256, JWSAlgorithm.HS256));
        metadata.setSupportsAuthorizationResponseIssuerParam(true);
        metadata.applyDefaults();
        description.accept(metadata);
        return metadata.toString();
    }

    private HTTPResponse token(HttpExchange exchange) throws IOException, ParseException, JOSEException {
        HTTPRequest read = new HTTPRequest(HTTPRequest.Method.POST, URI.create(issuer + "/token"));
        read.setHeader("Content-Type", exchange.getRequestHeaders().getFirst("Content-Type"));
        read.setHeader("Authorization", exchange.getRequestHeaders().getFirst("Authorization"));
        read.setBody(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        TokenRequest request = TokenRequest.parse(read);
        AuthorizationCodeGrant grant = (AuthorizationCodeGrant) request.getAuthorizationGrant();
        Granted granted = codes.remove(grant.getAuthorizationCode().getValue());
        if (!(request.getClientAuthentication() instanceof ClientSecretBasic client)
                || !client.getClientSecret().equals(new Secret(SECRET))) {
            return new TokenErrorResponse(OAuth2Error.INVALID_CLIENT).toHTTPResponse();
        }
        if (granted == null
                || !granted.request().getRedirectionURI().equals(grant.getRedirectionURI())
                || !CodeChallenge.compute(CodeChallengeMethod.S256, grant.getCodeVerifier())
                        .equals(granted.request().getCodeChallenge())) {
            return new TokenErrorResponse(OAuth2Error.INVALID_GRANT).toHTTPResponse();
        }
        BearerAccessToken bearer = new BearerAccessToken();
        access.put(bearer.getValue(), granted.person());
        return new OIDCTokenResponse(new OIDCTokens(idToken(granted), bearer, null)).toHTTPResponse();
    }

    private JWT idToken(Granted granted) throws JOSEException, ParseException {
        Instant now = Instant.now();
        JWTClaimsSet.Builder builder = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(CLIENT)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .claim("nonce", granted.request().getNonce().getValue());
        granted.person().forEach((name, value) -> {
            if (!shortTokens || name.equals("sub")) {
                builder.claim(name, value);
            }
        });
        claims.accept(builder);
        try {
            return signer.sign(builder.build(), key);
        } catch (java.text.ParseException e) {
            throw new ParseException(e.getMessage(), e);
        }
    }

    private HTTPResponse userInfo(HttpExchange exchange) {
        String bearer = exchange.getRequestHeaders().getFirst("Authorization").replaceFirst("^Bearer ", "");
        Map<String, Object> person = access.get(bearer);
        if (person == null) {
            return new HTTPResponse(401);
        }
        Map<String, Object> said = new TreeMap<>(person);
        if (!userInfoSubject.isEmpty()) {
            said.put("sub", userInfoSubject);
        }
        return json(JSONObjectUtils.toJSONString(said));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
