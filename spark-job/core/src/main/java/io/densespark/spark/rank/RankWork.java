package io.densespark.spark.rank;

import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.tensor.Device;
import java.io.UncheckedIOException;
import org.apache.spark.BarrierTaskContext;

/**
 * What a rank does: alone, then together with the others.
 *
 * <p>A {@link RuntimeException} from either part means that the stage can't succeed however often it is tried, and becomes
 * the rank's result. {@link PeerLostException}, {@link UncheckedIOException} and checked exceptions may go away, and are
 * thrown on.
 *
 * @param <S> what the rank has once it is set up; it is closed at the end
 * @param <R> the rank's result
 */
public interface RankWork<S extends AutoCloseable, R> {
    /** Sets the rank up on the device that Spark gave it. If any rank fails here, none goes on. */
    S open(RankPlace place, Device device, BarrierTaskContext context) throws Exception;

    /** Does the work, with all ranks there; the caller closes {@code group}. */
    R run(S session, RankPlace place, ProcessGroup group) throws Exception;

    /** The result of a rank that can't do its work; {@code rank} is the one that found out, with a message for the user. */
    R failed(int rank, String message);
}
