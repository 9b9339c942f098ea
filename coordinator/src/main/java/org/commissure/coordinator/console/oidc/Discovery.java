package org.commissure.coordinator.console.oidc;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.commissure.coordinator.console.oidc.ProviderException.Kind;
import org.jspecify.annotations.Nullable;

/** Reads a provider's discovery document (OpenID Connect Discovery 1.0, section 4), and says what is wrong with it. */
final class Discovery {
    private static final String WELL_KNOWN = "/.well-known/openid-configuration";

    private Discovery() {}

    /** @throws ProviderException if there is none, it is another issuer's, or we cannot work with it */
    static OIDCProviderMetadata document(String issuer, ProviderHttp http) throws ProviderException {
        URI at = URI.create(issuer.replaceFirst("/$", "") + WELL_KNOWN);
        try {
            OIDCProviderMetadata document = OIDCProviderMetadata.parse(http.get(at));
            require(document, issuer);
            return document;
        } catch (ProviderHttp.StatusException e) {
            throw new ProviderException(
                    Kind.UNREACHABLE,
                    "there is no discovery document at " + at + ": " + e.getMessage(),
                    "name the issuer exactly as the provider's documentation writes it, without " + WELL_KNOWN,
                    e);
        } catch (ParseException e) {
            throw new ProviderException(
                    Kind.UNREACHABLE,
                    "what lies at " + at + " is no discovery document",
                    "name the issuer exactly as the provider's documentation writes it",
                    e);
        } catch (IOException e) {
            throw unreachable(issuer + " cannot be reached", e);
        }
    }

    private static void require(OIDCProviderMetadata document, String issuer) throws ProviderException {
        String own = document.getIssuer().getValue();
        if (!own.equals(issuer)) {
            throw new ProviderException(
                    Kind.UNREACHABLE,
                    "the discovery document of " + issuer + " is of another issuer: " + own,
                    "if that is the provider you mean, name it exactly so");
        }
        requireHttps(document.getAuthorizationEndpointURI(), "authorization endpoint");
        requireHttps(document.getTokenEndpointURI(), "token endpoint");
        requireHttps(document.getJWKSetURI(), "address of keys");
        if (document.getUserInfoEndpointURI() != null) {
            requireHttps(document.getUserInfoEndpointURI(), "UserInfo endpoint");
        }
        if (document.getEndSessionEndpointURI() != null) {
            requireHttps(document.getEndSessionEndpointURI(), "address to sign out");
        }
        @Nullable List<ResponseType> types = document.getResponseTypes();
        if (types == null || !types.contains(ResponseType.CODE)) {
            throw unfit("it has no authorization code flow");
        }
        @Nullable List<CodeChallengeMethod> challenges = document.getCodeChallengeMethods();
        // Many that can do it do not say so.
        if (challenges != null && !challenges.contains(CodeChallengeMethod.S256)) {
            throw unfit("it has no PKCE with S256");
        }
    }

    private static void requireHttps(@Nullable URI address, String what) throws ProviderException {
        if (address == null || !"https".equals(address.getScheme()) || address.getHost() == null) {
            throw unfit("its " + what + " is " + (address == null ? "missing" : "no https address"));
        }
    }

    static ProviderException unfit(String why) {
        return new ProviderException(
                Kind.UNREACHABLE,
                "the provider cannot be used: " + why,
                "have its administrator change that, or use another provider");
    }

    /** Why a connection failed, in words that lead to a remedy. */
    static ProviderException unreachable(String what, Exception problem) {
        for (@Nullable Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathValidatorException
                    || cause instanceof CertificateException
                    || cause.getClass().getSimpleName().equals("SunCertPathBuilderException")) {
                return new ProviderException(
                        Kind.UNREACHABLE,
                        what + ": its certificate is not trusted (" + cause.getMessage() + ")",
                        "if it is signed by an authority of your own, name that with --ca-file; otherwise have the"
                                + " provider's certificate corrected",
                        problem);
            }
            if (cause instanceof ConnectException || cause instanceof UnresolvedAddressException) {
                return new ProviderException(
                        Kind.UNREACHABLE,
                        what + ": no connection to that host and port",
                        "check name, port, firewall and proxy (-Dhttps.proxyHost in JAVA_TOOL_OPTIONS); passwords work"
                                + " meanwhile",
                        problem);
            }
        }
        String why = problem instanceof SSLException ? "TLS fails: " : "";
        return new ProviderException(
                Kind.UNREACHABLE,
                what + ": " + why + problem.getMessage(),
                "try again later; passwords work meanwhile",
                problem);
    }
}
