using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;
using Orleans.Messaging;
using Orleans.Runtime;
using OrleansRooms.Hosting.Clustering;
using OrleansRooms.TestKit.Postgres;

namespace OrleansRooms.Hosting.Tests;

/// <summary>The statements in the database do for Orleans' own membership table what its interface promises.</summary>
public sealed class PostgresMembershipTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private IHost? _host;
    private RoomsClusterOptions? _options;

    private IMembershipTable Table => _host!.Services.GetRequiredService<IMembershipTable>();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        _host?.Dispose();
        return Task.CompletedTask;
    }

    [PostgresFact]
    public async Task Silo_IsWrittenAndRead()
    {
        await OpenAsync();

        var written = Silo(1);
        Assert.True(await InsertAsync(written));

        var read = Assert.Single((await Table.ReadAllAsync(None)).Members).Item1;
        Assert.Equal(written.SiloAddress, read.SiloAddress);
        Assert.Equal(
            (written.SiloName, written.HostName, written.Status, written.ProxyPort),
            (read.SiloName, read.HostName, read.Status, read.ProxyPort));
        Assert.Equal((Start, Start), (read.StartTime, read.IAmAliveTime));
        Assert.Equal(1, (await Table.ReadRowAsync(written.SiloAddress, None)).Version.Version);
        Assert.Empty((await Table.ReadRowAsync(Silo(2).SiloAddress, None)).Members);
    }

    [PostgresFact]
    public async Task WriterWhoComesSecond_ChangesNothing()
    {
        await OpenAsync();
        var stale = (await Table.ReadAllAsync(None)).Version;
        Assert.True(await InsertAsync(Silo(1)));

        Assert.False(await Table.InsertRowAsync(Silo(2), stale.Next(), None));
        Assert.False(await InsertAsync(Silo(1)));
        Assert.Single((await Table.ReadAllAsync(None)).Members);
        Assert.Equal(1, (await Table.ReadAllAsync(None)).Version.Version);
    }

    [PostgresFact]
    public async Task ManyWritersAtOnce_EachWinOnce()
    {
        await OpenAsync();
        await Task.WhenAll(Enumerable.Range(1, 8).Select(async number =>
        {
            while (!await InsertAsync(Silo(number)))
            {
                await Task.Yield();
            }
        }));

        var all = await Table.ReadAllAsync(None);
        Assert.Equal(8, all.Members.Count);
        Assert.Equal(8, all.Version.Version);
    }

    [PostgresFact]
    public async Task Suspicion_IsKept_AndAStaleUpdateIsNot()
    {
        await OpenAsync();
        var silo = Silo(1);
        await InsertAsync(silo);
        var before = (await Table.ReadAllAsync(None)).Version;
        silo.AddOrUpdateSuspector(Silo(2).SiloAddress, Start, 10);
        silo.Status = SiloStatus.Dead;

        Assert.True(await Table.UpdateRowAsync(silo, before.VersionEtag, before.Next(), None));
        Assert.False(await Table.UpdateRowAsync(silo, before.VersionEtag, before.Next(), None));
        Assert.False(await Table.UpdateRowAsync(Silo(3), before.Next().VersionEtag, (await Table.ReadAllAsync(None)).Version.Next(), None));

        var read = Assert.Single((await Table.ReadAllAsync(None)).Members).Item1;
        Assert.Equal(SiloStatus.Dead, read.Status);
        Assert.Equal((Silo(2).SiloAddress, Start), (Assert.Single(read.SuspectTimes!).Item1, read.SuspectTimes![0].Item2));
        Assert.Equal(2, (await Table.ReadAllAsync(None)).Version.Version);
    }

    [PostgresFact]
    public async Task Heartbeat_LeavesTheVersion()
    {
        await OpenAsync();
        var silo = Silo(1);
        await InsertAsync(silo);
        silo.IAmAliveTime = Start.AddMinutes(5);

        await Table.UpdateIAmAliveAsync(silo, None);

        Assert.Equal(silo.IAmAliveTime, Assert.Single((await Table.ReadAllAsync(None)).Members).Item1.IAmAliveTime);
        Assert.Equal(1, (await Table.ReadAllAsync(None)).Version.Version);
    }

    [PostgresFact]
    public async Task Cleanup_TakesTheLongDead_AndNobodyElse()
    {
        await OpenAsync();
        await InsertAsync(Silo(1));
        var dead = Silo(2);
        dead.Status = SiloStatus.Dead;
        await InsertAsync(dead);
        var suspected = Silo(3);
        suspected.Status = SiloStatus.Dead;
        await InsertAsync(suspected);
        suspected.AddOrUpdateSuspector(Silo(1).SiloAddress, Start.AddDays(9), 10);
        var version = (await Table.ReadAllAsync(None)).Version;
        Assert.True(await Table.UpdateRowAsync(suspected, version.VersionEtag, version.Next(), None));

        await Table.CleanupDefunctSiloEntriesAsync(Start.AddDays(1), None);

        Assert.Equal(
            [Silo(1).SiloAddress, Silo(3).SiloAddress],
            (await Table.ReadAllAsync(None)).Members.Select(row => row.Item1.SiloAddress).Order());
    }

    [PostgresFact]
    public async Task Clients_FindTheGatewaysOfActiveSilos()
    {
        await OpenAsync();
        var active = Silo(1);
        await InsertAsync(active);
        var joining = Silo(2);
        joining.Status = SiloStatus.Joining;
        await InsertAsync(joining);
        var withoutGateway = Silo(3);
        withoutGateway.ProxyPort = 0;
        await InsertAsync(withoutGateway);

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddRoomsClient(options => (options.Clustering, options.Postgres) = (RoomsClustering.Postgres, _options!.Postgres));
        using var client = builder.Build();
        var gateways = client.Services.GetRequiredService<IGatewayListProvider>();
        await gateways.InitializeGatewayListProvider();

        Assert.Equal(active.ProxyPort, Assert.Single(await gateways.GetGateways()).Port);
    }

    [PostgresFact]
    public async Task Deletion_LeavesNothingOfTheCluster()
    {
        await OpenAsync();
        await InsertAsync(Silo(1));

        await Table.DeleteMembershipTableEntriesAsync("rooms", None);
        await Table.InitializeMembershipTableAsync(tryInitTableVersion: true, None);

        Assert.Empty((await Table.ReadAllAsync(None)).Members);
        Assert.Equal(0, (await Table.ReadAllAsync(None)).Version.Version);
    }

    private static MembershipEntry Silo(int number) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Parse($"10.0.0.{number}"), 11111, number),
        SiloName = $"silo-{number}",
        HostName = $"host-{number}",
        Status = SiloStatus.Active,
        ProxyPort = 30000 + number,
        StartTime = Start,
        IAmAliveTime = Start,
    };

    private async Task<bool> InsertAsync(MembershipEntry silo) =>
        await Table.InsertRowAsync(silo, (await Table.ReadAllAsync(None)).Version.Next(), None);

    // A silo's services, of which only the membership table is started.
    private async Task OpenAsync()
    {
        var database = await postgres.CreateDatabaseAsync();
        _options = new RoomsClusterOptions { Clustering = RoomsClustering.Postgres, Postgres = database.ConnectionString };
        await new PostgresStore().InitializeAsync(_options, CancellationToken.None);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(
            silo => silo.UseRoomsClustering(
                options => (options.Clustering, options.Postgres) = (RoomsClustering.Postgres, _options.Postgres)));
        _host = builder.Build();
        await Table.InitializeMembershipTableAsync(tryInitTableVersion: true, None);
    }
}
