using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using OnnxViz.Benchmarks;

if (args is ["step", ..]) return StepTiming.Run(args[1..]);
if (args is ["plot", var numbers, var picture]) return GrowthPlot.Run(numbers, picture);
if (args is ["attributions", ..]) return AttributionTiming.Run(args[1..]);

// dotnet run --project bench/OnnxViz.Benchmarks -c Release -- --filter '*'
// In this process: what BenchmarkDotNet would generate and build has other rules for its code than ours.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(
    args,
    DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(5)));
return 0;
