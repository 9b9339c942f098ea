/** Who is who: the federation's authority, enrolment, certificates, and signatures over messages. */
@NullMarked
package org.commissure.privacy.identity;

import org.jspecify.annotations.NullMarked;
