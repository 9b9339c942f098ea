package org.commissure.coordinator.console.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.commissure.coordinator.console.oidc.ProviderException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The provider as its discovery document describes it. Its signing keys are fetched when they are needed, and again when a
 * token names one that is new. Thread-safe.
 */
final class Provider {
    /** Signatures that only the provider can make. Neither {@code none} nor a MAC under the client's secret is one. */
    private static final Set<JWSAlgorithm> SIGNATURES = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private static final Duration KEYS_KEPT = Duration.ofMinutes(15);
    private static final Duration KEYS_PATIENCE = Duration.ofSeconds(15);
    private static final int SHOWN_CHARS = 160;

    private final ProviderSettings settings;
    private final ProviderHttp http;
    private final OIDCProviderMetadata document;
    private final IDTokenValidator validator;

    private Provider(ProviderSettings settings, ProviderHttp http, OIDCProviderMetadata document)
            throws ProviderException {
        this.settings = settings;
        this.http = http;
        this.document = document;
        this.validator = new IDTokenValidator(
                document.getIssuer(),
                new ClientID(settings.clientId()),
                new JWSVerificationKeySelector<>(signatures(document), keys(document, http)),
                null);
    }

    /**
     * Asks the provider who it is.
     *
     * @throws ProviderException if it does not answer, is not the issuer that was named, or cannot do what we need
     */
    static Provider discover(ProviderSettings settings, ProviderHttp http) throws ProviderException {
        OIDCProviderMetadata document = Discovery.document(settings.issuer(), http);
        return new Provider(settings, http, document);
    }

    private static Set<JWSAlgorithm> signatures(OIDCProviderMetadata document) throws ProviderException {
        Set<JWSAlgorithm> usable = new LinkedHashSet<>();
        if (document.getIDTokenJWSAlgs() != null) {
            document.getIDTokenJWSAlgs().stream().filter(SIGNATURES::contains).forEach(usable::add);
        }
        if (usable.isEmpty()) {
            throw Discovery.unfit("it signs ID tokens with none of RSA, RSA-PSS and ECDSA");
        }
        return usable;
    }

    private static JWKSource<SecurityContext> keys(OIDCProviderMetadata document, ProviderHttp http)
            throws ProviderException {
        try {
            return JWKSourceBuilder.create(document.getJWKSetURI().toURL(), http)
                    .cache(KEYS_KEPT.toMillis(), KEYS_PATIENCE.toMillis())
                    .refreshAheadCache(false) // it would keep threads of its own
                    .build();
        } catch (MalformedURLException e) {
            throw Discovery.unfit("the address of its keys cannot be used");
        }
    }

    /** Where the browser goes to begin. */
    URI authorization(PendingSignIns.Pending pending) {
        return new AuthenticationRequest.Builder(
                        ResponseType.CODE,
                        new Scope(settings.scopes().toArray(String[]::new)),
                        new ClientID(settings.clientId()),
                        URI.create(settings.redirectUri()))
                .endpointURI(document.getAuthorizationEndpointURI())
                .state(pending.state())
                .nonce(pending.nonce())
                .codeChallenge(pending.verifier(), CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /** Where a person ends the session at the provider itself; empty where it does not say. */
    Optional<URI> signOut() {
        return Optional.ofNullable(document.getEndSessionEndpointURI());
    }

    /** RFC 9207: a code that another provider gave is not shown to this one. */
    void requireIssuer(String said) throws ProviderException {
        boolean expected = document.supportsAuthorizationResponseIssuerParam();
        if (said.isEmpty() ? expected : !said.equals(settings.issuer())) {
            throw untrusted("the answer does not come from " + settings.issuer(), null);
        }
    }

    /**
     * Exchanges a code for an ID token, checks it, and reads who it is.
     *
     * @throws ProviderException if the provider does not answer or refuses, or its token proves nothing
     */
    VerifiedPerson redeem(String code, PendingSignIns.Pending pending) throws ProviderException {
        try {
            OIDCTokenResponse answer = exchange(code, pending);
            @Nullable JWT token = answer.getOIDCTokens().getIDToken();
            if (token == null) {
                throw untrusted("there is no ID token", null);
            }
            IDTokenClaimsSet checked = validator.validate(token, pending.nonce());
            requireOurs(checked);
            String subject = checked.getSubject().getValue();
            Map<String, Object> claims = checked.toJSONObject();
            Map<String, Object> more = Claims.suffice(claims, settings.roleClaim())
                    ? Map.of()
                    : userInfo(subject, answer.getOIDCTokens().getAccessToken());
            return new Claims(claims, more).person(settings.issuer(), subject, settings.roleClaim());
        } catch (KeySourceException e) {
            throw Discovery.unreachable("the provider's keys cannot be read", e);
        } catch (BadJOSEException | JOSEException e) {
            throw untrusted("the ID token does not hold: " + shown(e), e);
        } catch (ParseException e) {
            throw untrusted("the answer cannot be read: " + shown(e), e);
        } catch (IOException e) {
            throw Discovery.unreachable(settings.issuer() + " cannot be reached", e);
        }
    }

    /** OpenID Connect Core 1.0, section 3.1.3.7, 5: the library leaves it to its users. */
    private void requireOurs(IDTokenClaimsSet token) throws ProviderException {
        if (token.getAuthorizedParty() != null
                && !token.getAuthorizedParty().getValue().equals(settings.clientId())) {
            throw untrusted("the ID token does not hold: it was given to another client", null);
        }
    }

    private OIDCTokenResponse exchange(String code, PendingSignIns.Pending pending)
            throws IOException, ParseException, ProviderException {
        TokenRequest request = new TokenRequest.Builder(
                        document.getTokenEndpointURI(),
                        authentication(),
                        new AuthorizationCodeGrant(
                                new AuthorizationCode(code), URI.create(settings.redirectUri()), pending.verifier()))
                .build();
        TokenResponse answer =
                OIDCTokenResponseParser.parse(request.toHTTPRequest().send(http));
        if (!answer.indicatesSuccess()) {
            @Nullable String reason = answer.toErrorResponse().getErrorObject().getCode();
            throw new ProviderException(
                    Kind.REFUSED,
                    "the provider does not exchange the code" + (reason == null ? "" : ": " + cut(reason)),
                    "begin again; if it stays so, the operator compares the client's id, secret and redirect URI with"
                            + " the provider's");
        }
        return (OIDCTokenResponse) answer.toSuccessResponse();
    }

    private ClientAuthentication authentication() throws ProviderException {
        ClientID id = new ClientID(settings.clientId());
        Secret secret = new Secret(settings.clientSecret());
        @Nullable List<ClientAuthenticationMethod> methods = document.getTokenEndpointAuthMethods();
        if (methods == null || methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)) {
            return new ClientSecretBasic(id, secret);
        }
        if (methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST)) {
            return new ClientSecretPost(id, secret);
        }
        throw Discovery.unfit("it takes no client secret");
    }

    /** Claims that the ID token leaves out, as many providers have it. Nothing of it counts unless it is the same person's. */
    private Map<String, Object> userInfo(String subject, @Nullable AccessToken access)
            throws IOException, ParseException, ProviderException {
        @Nullable URI endpoint = document.getUserInfoEndpointURI();
        if (endpoint == null || access == null) {
            return Map.of();
        }
        UserInfoResponse answer = UserInfoResponse.parse(
                new UserInfoRequest(endpoint, access).toHTTPRequest().send(http));
        if (!answer.indicatesSuccess() || answer.toSuccessResponse().getUserInfo() == null) {
            return Map.of(); // what it would have said is then not known, and gives no role
        }
        var said = answer.toSuccessResponse().getUserInfo();
        if (said.getSubject() == null || !subject.equals(said.getSubject().getValue())) {
            throw untrusted("UserInfo is about somebody else than the ID token", null);
        }
        return new TreeMap<>(said.toJSONObject());
    }

    private static ProviderException untrusted(String what, @Nullable Exception cause) {
        String remedy = "begin again; if it stays so, tell the coordinator's operator";
        return cause == null
                ? new ProviderException(Kind.UNTRUSTED, what, remedy)
                : new ProviderException(Kind.UNTRUSTED, what, remedy, cause);
    }

    /** The library's words; it repeats claims, never a token. */
    private static String shown(Exception e) {
        return cut(String.valueOf(e.getMessage()));
    }

    private static String cut(String text) {
        String first = text.lines().findFirst().orElse("");
        return first.length() <= SHOWN_CHARS ? first : first.substring(0, SHOWN_CHARS) + "…";
    }
}
