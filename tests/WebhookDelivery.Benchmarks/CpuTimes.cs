namespace WebhookDelivery.Benchmarks;

/// <summary>CPU time of a process, all threads.</summary>
/// <param name="UserSeconds">In its own code.</param>
/// <param name="KernelSeconds">In the kernel for it.</param>
internal readonly record struct CpuTimes(double UserSeconds, double KernelSeconds)
{
    public double Seconds => UserSeconds + KernelSeconds;

    public static CpuTimes operator -(CpuTimes left, CpuTimes right) =>
        new(left.UserSeconds - right.UserSeconds, left.KernelSeconds - right.KernelSeconds);
}
