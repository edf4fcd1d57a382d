package io.densespark.spark.barrier;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.Timer;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timers that Spark 3.5 makes for barrier stages. Their threads are no daemons and never end, so that a program whose
 * {@code main} has returned would stay for ever; here they are ended when there is nothing else left. Spark 4's are daemons.
 */
final class BarrierTimers {
    /** Of tasks, where they run in the driver's process; and of the driver. */
    private static final Set<String> NAMES =
            Set.of("Barrier task timer for barrier() calls.", "BarrierCoordinator barrier epoch increment timer");

    /** The thread that waits for the others to end once {@code main} has returned. */
    private static final String JVM = "DestroyJavaVM";

    private static final long POLL_MILLIS = 200;
    private static final Logger LOG = LoggerFactory.getLogger(BarrierTimers.class);

    private static final Set<Timer> KNOWN = new HashSet<>();

    private BarrierTimers() {}

    /** Ends the timers of this context's barrier stages with the program. */
    static void endWithTheProgram(SparkContext sc) {
        try {
            Object coordinator = sc.taskScheduler()
                    .getClass()
                    .getMethod("barrierCoordinator")
                    .invoke(sc.taskScheduler());
            if (coordinator != null) {
                add(timerOf(coordinator, "org.apache.spark.BarrierCoordinator"));
            }
        } catch (ReflectiveOperationException e) {
            LOG.debug("this Spark keeps its timers elsewhere", e);
        }
    }

    private static Object timerOf(Object owner, String ofClass) throws ReflectiveOperationException {
        String accessor = ofClass.replace('.', '$') + "$$timer";
        return owner.getClass().getMethod(accessor).invoke(owner);
    }

    private static synchronized void add(Object timer) {
        if (timer instanceof Timer ours && KNOWN.add(ours) && KNOWN.size() == 1) {
            Thread watch = new Thread(BarrierTimers::watch, "densespark-barrier-timers");
            watch.setDaemon(true);
            watch.start();
        }
    }

    private static void watch() {
        try {
            while (!isNothingElseLeft()) {
                Thread.sleep(POLL_MILLIS);
            }
            cancelAll();
        } catch (InterruptedException | ReflectiveOperationException e) {
            LOG.debug("Spark's timers can't be ended", e);
        }
    }

    private static boolean isNothingElseLeft() {
        return Arrays.stream(threads())
                .filter(Objects::nonNull)
                .filter(thread -> thread.isAlive() && !thread.isDaemon())
                .map(Thread::getName)
                .allMatch(name -> NAMES.contains(name) || name.equals(JVM));
    }

    private static Thread[] threads() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread[] threads = new Thread[2 * group.activeCount() + 16];
        group.enumerate(threads);
        return threads;
    }

    private static synchronized void cancelAll() throws ReflectiveOperationException {
        KNOWN.forEach(Timer::cancel);
        boolean isOfTasks = Arrays.stream(threads()).filter(Objects::nonNull).anyMatch(thread -> thread.getName()
                .startsWith("Barrier task timer"));
        if (isOfTasks) {
            Object tasks = Class.forName("org.apache.spark.BarrierTaskContext$")
                    .getField("MODULE$")
                    .get(null);
            if (timerOf(tasks, "org.apache.spark.BarrierTaskContext") instanceof Timer timer) {
                timer.cancel();
            }
        }
    }
}
