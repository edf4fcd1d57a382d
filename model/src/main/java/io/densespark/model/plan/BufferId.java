package io.densespark.model.plan;

/**
 * A buffer of a replica; {@link BufferRole} makes them.
 *
 * @param role what it holds
 * @param block whose it is, counted from 0; {@link #NONE} if no block's
 * @param layer of that block, counted from 0; {@link #NONE} if no layer's
 */
public record BufferId(BufferRole role, int block, int layer) {
    /** In place of a number. */
    public static final int NONE = -1;

    public BufferId {
        boolean ofBlock = role.scope() != BufferRole.Scope.ONCE;
        boolean ofLayer = role.scope() == BufferRole.Scope.EACH_LAYER;
        if (ofBlock ? block < 0 : block != NONE) {
            throw new IllegalArgumentException("no block " + block + " has " + role);
        }
        if (ofLayer ? layer < 0 : layer != NONE) {
            throw new IllegalArgumentException("no layer " + layer + " has " + role);
        }
    }

    /** The name for people, with blocks and layers counted from 1. */
    @Override
    public String toString() {
        return switch (role.scope()) {
            case ONCE -> role.text();
            case EACH_BLOCK -> "block " + (block + 1) + ": " + role.text();
            case EACH_LAYER -> "block " + (block + 1) + ", layer " + (layer + 1) + ": " + role.text();
        };
    }
}
