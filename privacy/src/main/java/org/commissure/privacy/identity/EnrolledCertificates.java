package org.commissure.privacy.identity;

import java.security.cert.X509Certificate;

/** What a site receives when it enrols. */
public record EnrolledCertificates(X509Certificate tls, X509Certificate signing) {}
