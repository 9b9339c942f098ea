package org.commissure.privacy.identity;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commissure.protocol.UserError;

/**
 * Whose certificate it is: the subject alternative name
 * {@code commissure://<federation>/<role>/<name>}. This URI, and nothing else in a certificate, says
 * who a peer is.
 *
 * @param name the site's name; the coordinator's is always {@code "coordinator"}
 */
public record CertificateName(String federation, Role role, String name) {
    /** The name of the one coordinator, which no site or operator may carry. */
    public static final String COORDINATOR = "coordinator";

    private static final String PART = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
    private static final Pattern PLAIN = Pattern.compile(PART);
    private static final Pattern URI = Pattern.compile("commissure://(" + PART + ")/([a-z-]{1,32})/(" + PART + ")");

    /** @throws UserError if a part is empty, too long, has other characters, or takes a reserved name */
    public CertificateName {
        requirePlain("the federation's id", federation);
        requirePlain("the name", name);
        if ((role == Role.COORDINATOR) != name.equals(COORDINATOR)
                || (role != Role.COORDINATOR && name.equalsIgnoreCase(COORDINATOR))) {
            throw new UserError(
                    "a " + role.text() + " cannot be named '" + name + "'",
                    "the coordinator, and nobody else, is named '" + COORDINATOR + "'; choose another name");
        }
    }

    /** @throws CertificateRefusedException if the certificate does not carry exactly one such name */
    public static CertificateName of(X509Certificate certificate) throws CertificateRefusedException {
        Matcher match = URI.matcher(SubjectNames.singleUri(certificate).orElse(""));
        Optional<Role> role = match.matches() ? Role.of(match.group(2)) : Optional.empty();
        if (role.isEmpty()) {
            throw new CertificateRefusedException(
                    "the certificate of "
                            + certificate.getSubjectX500Principal().getName() + " carries no Commissure name",
                    "use a certificate that the federation's authority issued");
        }
        try {
            return new CertificateName(match.group(1), role.get(), match.group(3));
        } catch (UserError e) {
            throw new CertificateRefusedException(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    /** The URI form. */
    public String uri() {
        return "commissure://" + federation + "/" + role.text() + "/" + name;
    }

    /** Whether {@code part} can be a name or a federation's id: no separators, no dots in front. */
    public static boolean isPlain(String part) {
        return PLAIN.matcher(part).matches();
    }

    static void requirePlain(String what, String value) {
        if (!isPlain(value)) {
            throw new UserError(
                    what + " '" + value + "' cannot be used",
                    "use 1 to 63 letters, digits, '.', '_' or '-', beginning with a letter or digit");
        }
    }
}
