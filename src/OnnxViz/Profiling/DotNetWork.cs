using System.Runtime;

namespace OnnxViz.Profiling;

/// <summary>What .NET has done for itself in this process and on this thread so far.</summary>
internal readonly record struct DotNetWork(TimeSpan Compiler, long Methods, TimeSpan Collector)
{
    public static DotNetWork Now => new(
        JitInfo.GetCompilationTime(currentThread: true), JitInfo.GetCompiledMethodCount(currentThread: true), GC.GetTotalPauseDuration());

    public ProfiledDotNet Since(DotNetWork before) => new(
        (Compiler - before.Compiler).TotalMilliseconds, Methods - before.Methods, (Collector - before.Collector).TotalMilliseconds);
}
