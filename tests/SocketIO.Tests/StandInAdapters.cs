using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Tests;

/// <summary>Makes adapters that have no other servers to tell anything, and answer what a test wants.</summary>
internal sealed class StandInAdapters : IAdapterFactory
{
    /// <summary>What a method of that name, with these arguments, returns, if anything.</summary>
    public Func<string, object?[], object?> Answer { get; init; } = static (_, _) => null;

    public bool SupportsConnectionStateRecovery { get; init; } = true;

    public IAdapter Create(IAdapterNamespace ns)
    {
        var adapter = DispatchProxy.Create<IAdapter, Proxy>();
        ((Proxy)(object)adapter).Factory = this;
        return adapter;
    }

    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives from it.")]
    public class Proxy : DispatchProxy
    {
        internal StandInAdapters Factory { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            Factory.Answer(targetMethod!.Name, args ?? [])
            ?? (targetMethod.ReturnType == typeof(void) ? null : Activator.CreateInstance(targetMethod.ReturnType));
    }
}
