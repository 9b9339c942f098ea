package org.commissure.privacy.identity;

import java.util.EnumSet;
import java.util.Set;

/** Who may do what at the coordinator. Nothing that is not listed here is allowed to a person. */
public enum Permission {
    /** Start, cancel and approve runs. */
    RUN(EnumSet.of(Role.OPERATOR)),
    /** Watch runs and read their results. */
    READ_RUNS(EnumSet.of(Role.OPERATOR, Role.SITE_ADMIN, Role.DATA_STEWARD, Role.PRIVACY_OFFICER, Role.NEUROSCIENTIST)),
    /** Read the transparency log. */
    READ_LOG(EnumSet.of(Role.OPERATOR, Role.SITE, Role.SITE_ADMIN, Role.DATA_STEWARD, Role.PRIVACY_OFFICER)),
    /** Say what a hospital's data may be used for. */
    APPROVE_FOR_SITE(EnumSet.of(Role.DATA_STEWARD)),
    /** Take part in rounds. */
    TAKE_PART(EnumSet.of(Role.SITE));

    private final Set<Role> roles;

    Permission(Set<Role> roles) {
        this.roles = Set.copyOf(roles);
    }

    public Set<Role> roles() {
        return roles;
    }
}
